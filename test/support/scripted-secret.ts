import { listen } from '../../lib/local/listen.ts';
import {
  createSecretStore,
  LOCAL_MODEL_KEY_SECRET,
  LOCAL_TOOL_SECRET,
} from '../../lib/local/secret-store.ts';

/** The model's key, whose value a test sets, counting how often it is read; and a secret for tools that stays. */
export async function startScriptedSecret() {
  const secret = { value: 'model-key' as string | null, reads: 0 };
  const server = createSecretStore({
    [LOCAL_MODEL_KEY_SECRET]: () => {
      secret.reads += 1;
      return secret.value;
    },
    [LOCAL_TOOL_SECRET]: () => 'tool-signing-secret',
  });
  const { port, close } = await listen(server, 0);
  return Object.assign(secret, { url: `http://127.0.0.1:${port}`, close });
}
