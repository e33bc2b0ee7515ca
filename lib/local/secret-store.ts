import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readText } from './read-text.ts';

/** The name of the secret with the model's key. */
export const LOCAL_MODEL_KEY_SECRET = 'model-key';

/**
 * AWS Secrets Manager on this machine, as far as functions use it: GetSecretValue of the one secret that they have.
 *
 * @param value what the secret holds; null for one that was made without a value
 */
export function createSecretStore(value: () => string | null): Server {
  return createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()));

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { SecretId } = JSON.parse(await readText(incoming)) as { SecretId?: string };
    const isRead = incoming.headers['x-amz-target'] === 'secretsmanager.GetSecretValue';
    const SecretString = isRead && SecretId === LOCAL_MODEL_KEY_SECRET ? value() : null;
    const isThere = SecretString !== null;
    outgoing.writeHead(isThere ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify(isThere ? { Name: SecretId, SecretString } : NOT_FOUND));
  }
}

const NOT_FOUND = {
  __type: 'ResourceNotFoundException',
  Message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
};
