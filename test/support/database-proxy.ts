import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { ANY_ACCESS_KEY } from '../../lib/local/environment.ts';
import { listen } from '../../lib/local/listen.ts';
import { readText } from '../../lib/local/read-text.ts';
import { conflicts } from './conflicts.ts';
import type { Operation } from './writes.ts';

/** One call of DynamoDB's API on its way to the database. */
export interface DatabaseCall {
  /** `GetItem`, `TransactWriteItems` … */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The access key that signed it. */
  readonly caller: string;
  /** Lets the database do it, and cuts the connection in place of its answer. */
  readonly loseAnswer: () => void;
}

/** An error in DynamoDB's words. */
export interface DatabaseError {
  readonly status: number;
  readonly type: string;
  readonly message?: string;
  readonly [member: string]: unknown;
}

/** A call that was answered, and the capacity units that DynamoDB Local says it used: of a transaction's it is wrong. */
export interface MeteredCall extends Pick<DatabaseCall, 'operation' | 'input'> {
  readonly units: number;
}

/** A call that the database has done, and how long that took: a transaction has held its items for so long. */
interface DoneCall extends Operation {
  readonly tookMs: number;
}
interface Capacity {
  readonly CapacityUnits: number;
}

/** Looks at a call before the database does it, for as long as it takes. */
export type Witness = (call: Operation) => Promise<unknown>;

/** Looks at a call before the database sees it; an error, or silence, is the answer in the database's place. */
export type Intercept = (call: DatabaseCall) => DatabaseError | 'no answer' | undefined;

/**
 * Stands between the product and DynamoDB Local over real HTTP: it can see every call, and say what DynamoDB Local
 * never says (conflicts, throttling, refused permissions, faults). Conflicts it raises by itself.
 *
 * @param holdMs how long a transaction holds its items at least; 0 raises no conflict
 */
export async function startDatabaseProxy(databaseUrl: string, holdMs?: number) {
  const { admit } = conflicts(holdMs);
  const intercepts = new Set<Intercept>();
  const meters = new Set<(call: MeteredCall) => void>();
  const listeners = new Set<(call: DoneCall) => void>();
  const witnesses = new Set<Witness>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer(
    (incoming, outgoing) => void relay(incoming, outgoing).catch(() => outgoing.destroy()),
  );
  const { port, close } = await listen(server, 0);

  async function relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readText(incoming);
    const operation =
      String(incoming.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const caller = incoming.headers.authorization?.match(/Credential=(?<key>[^/]+)\//u)?.groups?.key ?? '';
    let isLost = false;
    const loseAnswer = () => (isLost = true);
    const input = JSON.parse(body || '{}') as DatabaseCall['input']; // the SDK wrote it
    const used = meters.size > 0 && meteredBody(input);
    const call = { operation, input, caller, loseAnswer };
    const error = [...intercepts].map((look) => look(call)).find(Boolean);
    if (error === 'no answer') return undefined;
    if (error) return answerError(outgoing, error);
    await Promise.all([...witnesses].map((look) => look(call)));
    const admission = admit(call);
    if (admission.refusal) return refuse(outgoing, admission.refusal);
    try {
      const begunAtMs = performance.now();
      const answer = await forward(incoming, used || body);
      if (used) meterAnswer({ operation, input }, answer.text);
      await admission.end(); // first: who has the answer finds its items free
      const tookMs = performance.now() - begunAtMs;
      if (answer.status === 200) for (const listen of listeners) listen({ ...call, tookMs });
      if (isLost) return void outgoing.destroy();
      outgoing.writeHead(answer.status, answer.headers).end(answer.text);
    } finally {
      await admission.end();
    }
  }

  /** Has the database do it. */
  async function forward({ headers: sent }: IncomingMessage, body: string) {
    // Callers sign with names of their own, and the database has another one's data for each: it looks at no signature.
    const authorization = sent.authorization?.replace(/Credential=[^/]+/u, `Credential=${ANY_ACCESS_KEY}`);
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const headers = { ...sent, ...(authorization !== undefined && { authorization }), ...length };
    const forwarded = httpRequest(databaseUrl, { method: 'POST', headers, agent }).end(body);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 500, headers: answer.headers, text: await readText(answer) };
  }

  function meterAnswer(call: Operation, answer: string) {
    const { ConsumedCapacity } = JSON.parse(answer) as {
      ConsumedCapacity?: Capacity | Capacity[];
    };
    const units = [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
    for (const meter of meters) meter({ ...call, units });
  }

  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await close();
      agent.destroy();
    },
    /** Every call goes through this, too, from now on, until it is undone. */
    intercept: (look: Intercept): (() => void) => {
      intercepts.add(look);
      return () => void intercepts.delete(look);
    },
    /** Is told of every call that the database has done, before its answer goes on, until it is undone. */
    listen: (take: (call: DoneCall) => void): (() => void) => {
      listeners.add(take);
      return () => void listeners.delete(take);
    },
    /** Every call from now on waits until this has looked, too, until it is undone. */
    witness: (look: Witness): (() => void) => {
      witnesses.add(look);
      return () => void witnesses.delete(look);
    },
    /** Has every call from now on say what it costs, until it is undone. */
    meter: (take: (call: MeteredCall) => void): (() => void) => {
      meters.add(take);
      return () => void meters.delete(take);
    },
  };
}

/** The same call, asking for what it costs. */
function meteredBody(input: DatabaseCall['input']): string {
  return JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' });
}

function refuse(outgoing: ServerResponse, refusal: DatabaseError | object): void {
  if ('status' in refusal) return answerError(outgoing, refusal);
  outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(refusal));
}

function answerError(
  outgoing: ServerResponse,
  { status, type, message = type, ...members }: DatabaseError,
): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  outgoing.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, ...members }));
}
