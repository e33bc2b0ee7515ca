import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../../functions/domain/turn.ts';
import { startApi } from '../../support/api.ts';
import { allOf } from '../../support/events.ts';
import { error, start, streams } from '../../support/model-events.ts';
import { fails, type Reaction } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();

/** What the model does whenever it is asked, what that is, and how it is answered. */
const FAILURES: readonly [string, Reaction, FailureKind, 500 | 503][] = [
  ['429', fails(429, 'rate_limit_error'), 'model_busy', 503],
  ['529', fails(529, 'overloaded_error'), 'model_busy', 503],
  ['an event of overload', streams(start(), error('overloaded_error'), 'end'), 'model_busy', 503],
  ['500', fails(500), 'model_unreachable', 503],
  ['a cut connection', (_request, outgoing) => outgoing.destroy(), 'model_unreachable', 503],
  ['400', fails(400, 'invalid_request_error'), 'model_refused_request', 500],
  ['413', fails(413, 'request_too_large'), 'model_refused_request', 500],
  ['401', fails(401, 'authentication_error'), 'configuration', 500],
  ['404', fails(404, 'not_found_error'), 'configuration', 500],
  ['402', fails(402, 'billing_error'), 'no_credit', 500],
];

describe.concurrent.each(KINDS)(
  'in $name an answer names its question, its turn and the kind of failure after',
  (kind) => {
    test.each(FAILURES)('%s', async (_what, reaction, failure, expected) => {
      const { ask, turn, urlOf, messages, streamed } = await threadOf(api, kind);
      const question = randomUUID();
      api.model.scripts.set(
        question,
        Array.from({ length: 6 }, () => reaction),
      );
      const { status, headers, body } = await ask(question);
      expect(status).toBe(expected);
      expect(headers.get('retry-after')).toBe(expected === 503 ? '5' : null);
      const turnId: string = body.turn.id;
      const [stored] = await messages();
      expect(body).toMatchObject({
        ...kind.refusal(expected === 503 ? 'unavailable' : 'internal_error'),
        kind: failure,
        message_id: stored.id,
        turn: { id: turnId, url: urlOf(turnId) },
      });
      const { error: told } = (await turn(turnId)).body;
      expect(told).toMatchObject({
        code: expected === 503 ? 'unavailable' : 'internal_error',
        kind: failure,
      });
      expect(JSON.stringify([body, told])).not.toContain('SECRET');
      const again = await streamed(question);
      const events = await allOf(again.events);
      expect(events.find(({ event }) => event === 'error')?.data).toEqual(told);
    });
  },
);

test.each([
  ['throttle', 'function_busy', 503],
  ['crash', 'function_died', 500],
] as const)('a worker that Lambda does %s is %s', async (fault, failure, expected) => {
  const { ask } = await threadOf(api);
  const question = randomUUID();
  const key = { 'idempotency-key': randomUUID() };
  api.lambda.faults.push(fault);
  const { status, body } = await ask(question, key);
  expect([status, body.kind]).toEqual([expected, failure]);
  const again = await ask(question, key);
  expect([again.status, again.questionId]).toEqual([200, body.message_id]);
});
