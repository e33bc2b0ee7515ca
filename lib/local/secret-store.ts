import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readText } from './read-text.ts';

/** The names of the secrets: the model's key, and what calls of tools are signed with. */
export const LOCAL_MODEL_KEY_SECRET = 'model-key';
export const LOCAL_TOOL_SECRET = 'tool-signing';

/**
 * AWS Secrets Manager on this machine, as far as functions use it: GetSecretValue of the secrets that they have.
 *
 * @param secrets what each holds, by its name; null for one that was made without a value
 */
export function createSecretStore(secrets: Readonly<Record<string, () => string | null>>): Server {
  return createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()));

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { SecretId } = JSON.parse(await readText(incoming)) as { SecretId?: string };
    const isRead = incoming.headers['x-amz-target'] === 'secretsmanager.GetSecretValue';
    const SecretString = (isRead && secrets[SecretId ?? '']?.()) || null;
    const isThere = SecretString !== null;
    outgoing.writeHead(isThere ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify(isThere ? { Name: SecretId, SecretString } : NOT_FOUND));
  }
}

const NOT_FOUND = {
  __type: 'ResourceNotFoundException',
  Message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
};
