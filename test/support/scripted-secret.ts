import { createSecretStore } from '../../lib/local/secret-store.ts';
import { listen } from '../../lib/local/listen.ts';

/** A secret whose value a test sets, and which counts how often it is read. */
export async function startScriptedSecret() {
  const secret = { value: 'model-key' as string | null, reads: 0 };
  const server = createSecretStore(() => {
    secret.reads += 1;
    return secret.value;
  });
  const { port, close } = await listen(server, 0);
  return Object.assign(secret, { url: `http://127.0.0.1:${port}`, close });
}
