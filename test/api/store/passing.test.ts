import { describe, expect, test } from 'vitest';
import { RESERVE_MS } from '../../../functions/patience/pause.ts';
import {
  callTime,
  GIVE_UP_AFTER_MS,
  inTimeOf,
  inTimeOfEach,
} from '../../../functions/patience/request-time.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import type { DatabaseCall, DatabaseError } from '../../support/database-proxy.ts';
import { person } from '../../support/people.ts';
import { withTimeLeft } from '../../support/run-function.ts';

let timeLeftMs = 28_000;
const api = await startApi({ run: withTimeLeft(() => timeLeftMs) });

type Failure = DatabaseError | 'no answer' | 'lost';
/** What the SDK's list of errors that pass has, and what has no answer. */
const FAILURES: readonly [string, Failure][] = [
  ...[
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'ReplicatedWriteConflictException',
    'ThrottlingException',
    'Throttling',
    'RequestTimeout',
    'SlowDown',
  ].map((type): [string, Failure] => [type, { status: 400, type }]),
  ['429', { status: 429, type: 'SomeException' }],
  ...[500, 502, 503, 504].map((status): [string, Failure] => [String(status), { status, type: 'SomeError' }]),
  ['silence', 'no answer'],
  ['a reset', 'lost'],
];

function answerOf(call: DatabaseCall, failure: Failure) {
  if (failure !== 'lost') return failure;
  call.loseAnswer();
  return undefined;
}

describe('is tried again until it passes:', () => {
  test.each(FAILURES)('%s', async (_what, failure) => {
    const { append, list } = await conversationWith(api);
    const failed = new Map<string, number>();
    const undo = api.database.intercept((call) => {
      const count = (failed.get(call.operation) ?? 0) + 1;
      failed.set(call.operation, count);
      return count === 1 ? answerOf(call, failure) : undefined;
    });
    expect((await append({ role: 'user', content: 'once' })).status).toBe(200);
    const { status, body } = await list('');
    undo();
    expect([status, body.total]).toEqual([200, 1]);
    expect(Math.min(...failed.values())).toBeGreaterThan(1);
  });
});

describe('an API key that cannot be looked up', () => {
  const failing = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    const undo = api.database.intercept(() => ({
      status: 500,
      type: 'InternalServerError',
      message: 'SECRET',
    }));
    timeLeftMs = RESERVE_MS + 80;
    return run().finally(() => {
      undo();
      timeLeftMs = 28_000;
    });
  };

  test('is 500 in the words of API Gateway, which knows nothing else of an authorizer that fails', async () => {
    const { apiKey } = await person(api);
    const answer = await failing(() => api.send({ method: 'GET', path: '/api/v1/agents', headers: apiKey }));
    expect([answer.status, answer.body]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  test('is 503 with Retry-After on a stream URL', async () => {
    const { owner, path } = await agentThreadWith(api);
    const answer = await failing(() =>
      api.send({ method: 'GET', path: `${path}/stream`, headers: owner.apiKey }),
    );
    expect([answer.status, answer.body]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/u);
  });
});

describe('a request gives up', () => {
  /** Time that only failures take. */
  function clock(remainingMs = 60_000) {
    let nowMs = 0;
    const take = (ms: number) => (nowMs += ms);
    return { take, patience: { now: () => nowMs, remainingMs: () => remainingMs - nowMs } };
  }

  /** Calls that fail one after the other, each taking so long. @returns for how long they were tried */
  async function failingFor({ take, patience }: ReturnType<typeof clock>, calls: number): Promise<number> {
    for (let call = 0; call < calls; call += 1) {
      const time = callTime(null);
      do take(Math.min(time.attemptMs(), 700));
      while (await time.pause(0));
    }
    return patience.now();
  }

  test('after 5 s of failures in all its calls', async () => {
    const time = clock();
    const triedMs = await inTimeOf(time.patience, () => failingFor(time, 2));
    expect(triedMs).toBeGreaterThan(GIVE_UP_AFTER_MS - 700);
    expect(triedMs).toBeLessThanOrEqual(GIVE_UP_AFTER_MS + 100); // the second call is tried once all the same
  });

  test('1.5 s before its function ends', async () => {
    const time = clock(4_000);
    expect(await inTimeOf(time.patience, () => failingFor(time, 1))).toBeLessThanOrEqual(4_000 - RESERVE_MS);
  });

  test('of each call after 5 s, where its work takes minutes', async () => {
    const time = clock();
    const triedMs = await inTimeOfEach(time.patience, () => failingFor(time, 2));
    expect(triedMs).toBeGreaterThan(2 * GIVE_UP_AFTER_MS - 1_400);
  });
});
