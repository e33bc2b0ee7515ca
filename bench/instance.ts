import { randomUUID } from 'node:crypto';
import { conversationRef, type ThreadRef } from '../functions/domain/thread-ref.ts';
import { localEnvironment } from '../lib/local/environment.ts';
import { instanceFolder, readInstance, SIGNING_KEY_FILE } from '../lib/local/instance.ts';
import { localClaims, openIssuer } from '../lib/local/issuer.ts';
import { eventsOf, type ReadEvent } from '../test/support/events.ts';
import { startScriptedModel } from '../test/support/scripted-model.ts';
import { instancePort, killGroup, launch, untilPrinted } from '../test/support/started.ts';

type Model = Awaited<ReturnType<typeof startScriptedModel>>;

/** A running instance, with a model that does what it is told. */
export interface Bench {
  readonly model: Model;
  /** A new conversation: no answer is measured with another's history. */
  readonly openConversation: () => Promise<Conversation>;
}

interface Conversation {
  readonly thread: ThreadRef;
  /** Asks, and reads the answer as it comes. */
  readonly ask: (question: string) => Promise<AsyncGenerator<ReadEvent>>;
  readonly cancel: (turnId: string) => Promise<void>;
}

/**
 * Starts Parley as `npm start` does, in processes of its own, with a Messages API and a client in this one: what they
 * note is by one clock. The table is in memory, so that nothing stays.
 *
 * @param started collects what ends again all that was started
 */
export async function startBench(started: AsyncDisposableStack): Promise<Bench> {
  const port = await instancePort((clean) => started.defer(clean));
  const model = await startScriptedModel();
  started.defer(model.close);
  const running = launch(port, ['--in-memory'], { ANTHROPIC_BASE_URL: model.url });
  started.defer(async () => {
    running.child.kill('SIGTERM');
    await running.exited;
    killGroup(running); // whatever is left of it
  });
  await untilPrinted(running, /^Parley listens on/mu);
  const issuer = await openIssuer(SIGNING_KEY_FILE);
  // The store's own functions read the log, as the functions of the instance do.
  const instance = readInstance(instanceFolder(port));
  if (!instance) throw new Error('The instance is running');
  const unused = { secretsUrl: '', invokeUrl: '', apiUrl: '', modelUrl: null };
  Object.assign(process.env, localEnvironment(issuer.configuration, { ...instance, ...unused }, {}));
  const [brandId, userId] = ['bench', randomUUID()];
  const token = await issuer.sign(localClaims({ userId, brandId, roles: [], companyIds: [] }));
  const post = postWith(running.url, token);
  return {
    model,
    openConversation: async () => {
      const { id } = (await (await post('/v1/conversations', {})).json()) as { id: string };
      const path = `/v1/conversations/${id}`;
      return {
        thread: conversationRef({ brandId, userId }, id),
        ask: async (content) => eventsOf(await post(`${path}/messages/stream`, { role: 'user', content })),
        cancel: async (turnId) => {
          await (await post(`${path}/turns/${turnId}/cancel`)).body?.cancel();
        },
      };
    },
  };
}

function postWith(url: string, token: string) {
  return async (path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
}
