import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import {
  error,
  opened,
  piece,
  type Step,
  says,
  start,
  stopped,
  streams,
  thinks,
} from '../../support/model-events.ts';
import { fails, type Reaction } from '../../support/scripted-model.ts';

/** Longer than a busy machine is silent by itself; three of them end before a request's 25 s do. */
const SILENCE_MS = 5_000;
process.env.MODEL_SILENCE_MS = String(SILENCE_MS);
const api = await startApi();
const { scripts, asked } = api.model;

/** Asks once while the model does this, and tells what came of it. */
async function outcome(...reactions: Reaction[]) {
  const { ask, list } = await conversationWith(api);
  const question = randomUUID();
  scripts.set(question, reactions);
  const { status, headers, body, text } = await ask(question);
  expect(text).not.toContain('SECRET');
  const stored: { content: string }[] = (await list('?order=asc')).body.messages;
  expect(stored[0]?.content).toBe(question);
  const requests = asked.filter(({ messages }) => messages.some(({ content }) => content === question));
  return {
    status,
    retryAfter: headers.get('retry-after'),
    answer: body.assistant_message,
    stored: stored.slice(1).map(({ content }) => content),
    requests: requests.length,
    last: requests.at(-1),
  };
}

const refuses = (status: number, headers: Record<string, string> = {}): Reaction => {
  const reaction = fails(status);
  return (request, outgoing) => {
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    return reaction(request, outgoing);
  };
};
const SAID = [start(), opened, piece('Half an '), piece('answer')];

describe.concurrent('a refusal that will not pass', () => {
  test.each([400, 401, 403, 404, 413])('of %d is a 500 at once, and nothing is stored', async (status) => {
    expect(await outcome(refuses(status))).toMatchObject({ status: 500, stored: [], requests: 1 });
  });

  test('is one, too, that an event says', async () => {
    const refusal = streams(start(), error('invalid_request_error'), 'end');
    expect(await outcome(refusal)).toMatchObject({ status: 500, stored: [], requests: 1 });
  });
});

/** Which model is asked, as every answer's metadata say. */
const ASKED = { model: 'claude-sonnet-5-5' };

const passing: [string, Reaction][] = [
  ...[408, 409, 429, 500, 502, 503, 529].map((status): [string, Reaction] => [
    `a ${status}`,
    refuses(status),
  ]),
  ['a connection that is not accepted', (_request, outgoing) => outgoing.destroy()],
  ['silence', () => {}],
];
/** What metadata say beside what was used. */
function withoutUsage({
  usage_details: _details,
  cost_usd: _cost,
  ...others
}: Record<string, unknown>): object {
  return others;
}

describe.concurrent('before an answer has begun', () => {
  test.each(passing)('%s is passed over: the next attempt answers', async (_what, reaction) => {
    const result = await outcome(reaction, reaction, says('Here.'));
    expect(result).toMatchObject({ status: 200, stored: ['Here.'], requests: 3 });
    expect(withoutUsage(result.answer.metadata)).toEqual({ ...ASKED, stop_reason: 'end_turn' });
  });

  test.each(passing)('%s is a 503 after the third time', async (_what, reaction) => {
    const result = await outcome(reaction, reaction, reaction, says('too late'));
    expect(result).toMatchObject({ status: 503, stored: [], requests: 3 });
    expect(result.retryAfter).toBe('5');
  });

  test('a refusal is waited out as long as it asks for', async () => {
    const startedAt = Date.now();
    const result = await outcome(refuses(429, { 'retry-after': '2' }), says('Here.'));
    expect(result).toMatchObject({ status: 200, requests: 2 });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  });

  test.each(['60', new Date(Date.now() + 3_600_000).toUTCString()])(
    'a refusal that asks for more time than there is (%s) is a 503 at once',
    async (retryAfter) => {
      let refusedAt = 0;
      const result = await outcome((request, outgoing) => {
        refusedAt = Date.now();
        return refuses(429, { 'retry-after': retryAfter })(request, outgoing);
      });
      expect(result).toMatchObject({ status: 503, requests: 1 });
      expect(Date.now() - refusedAt).toBeLessThan(20_000); // waiting would last to the deadline, 25 s
    },
  );
});

/** How an answer breaks, wherever it is. */
const breaks: [string, Step[]][] = [
  ['an error event', [error('overloaded_error'), 'end']],
  ['a cut connection', ['cut']],
  ['a stream that just ends', ['end']],
  ['silence', []],
  ['a malformed event', ['event: content_block_start\ndata: {\n\n']],
];
describe.concurrent('after an answer has begun, and before its first block', () => {
  test.each(breaks)('%s is passed over once, and all input counts', async (_what, steps) => {
    const result = await outcome(streams(start(), ...steps), says('Here.'));
    expect(result).toMatchObject({ status: 200, stored: ['Here.'], requests: 2 });
    expect(result.answer.token_usage.prompt_tokens).toBe(20);
  });

  test.each(breaks)('%s is a 503 after the second time', async (_what, steps) => {
    const reaction = streams(start(), ...steps);
    const result = await outcome(reaction, reaction, says('too late'));
    expect(result).toMatchObject({ status: 503, stored: [], requests: 2 });
  });
});

describe.concurrent('after a model has begun to think', () => {
  test.each(breaks)('%s is a 503 at once: what it thought is paid', async (_what, steps) => {
    const reaction = streams(start(), ...thinks.slice(0, 2), ...steps);
    const result = await outcome(reaction, says('another answer'));
    expect(result).toMatchObject({ status: 503, stored: [], requests: 1 });
  });
});

describe.concurrent('after something was said', () => {
  const endings: [string, Step[]][] = [
    ['a cut connection', ['cut']],
    ['a stream that just ends', ['end']],
    ['an error event', [error('overloaded_error'), 'end']],
    ['silence', []],
    ['a malformed event', ['event: content_block_delta\ndata: {"type":\n\n', 'end']],
    [
      'an event of another shape',
      ['event: content_block_delta\ndata: {"type":"content_block_delta"}\n\n', 'end'],
    ],
  ];
  test.each(endings)('%s keeps it as the answer, and the model is not asked again', async (_what, steps) => {
    const result = await outcome(streams(...SAID, ...steps), says('another answer'));
    expect(result).toMatchObject({ status: 200, stored: ['Half an answer'], requests: 1 });
    expect(withoutUsage(result.answer.metadata)).toEqual({ ...ASKED, incomplete_reason: 'connection_lost' });
    expect(result.answer.token_usage.prompt_tokens).toBe(10);
  });

  test.each<[string, string]>([
    ['pings', 'event: ping\ndata: {"type": "ping"}\n\n'],
    ['comments', ': still there\n\n'],
  ])('%s alone are not silence', async (_what, sign) => {
    const thinking = Array.from({ length: 8 }, (): Step[] => [SILENCE_MS / 4, sign]).flat();
    const [begins, ...ends] = thinks;
    const result = await outcome(
      streams(start(), begins, ...thinking, ...ends, opened, piece('42.'), ...stopped('end_turn'), 'end'),
    );
    expect(result).toMatchObject({ status: 200, stored: ['42.'], requests: 1 });
    expect(withoutUsage(result.answer.metadata)).toEqual({ ...ASKED, stop_reason: 'end_turn' });
  });

  test('drops that come slowly are not silence', async () => {
    const drops = Array.from({ length: 6 }, (_, index) => [SILENCE_MS / 4, piece(String(index))]).flat();
    const result = await outcome(streams(...SAID, ...drops, ...stopped('end_turn'), 'end'));
    expect(result).toMatchObject({ status: 200, stored: ['Half an answer012345'] });
    expect(withoutUsage(result.answer.metadata)).toEqual({ ...ASKED, stop_reason: 'end_turn' });
  });
});

describe.concurrent('an answer that stops', () => {
  test.each(['end_turn', 'stop_sequence'])('for %s is whole', async (reason) => {
    expect((await outcome(says('All.', reason))).answer).toMatchObject({
      content: 'All.',
      metadata: { stop_reason: 'end_turn' },
    });
  });

  test.each(['max_tokens', 'model_context_window_exceeded'])(
    'for %s is kept as far as it goes, also where that is nowhere',
    async (reason) => {
      for (const text of ['As far as', '']) {
        const result = await outcome(says(text, reason));
        expect(result).toMatchObject({ status: 200, stored: [text], requests: 1 });
        expect(withoutUsage(result.answer.metadata)).toEqual({
          ...ASKED,
          stop_reason: reason,
          incomplete_reason: reason,
        });
      }
    },
  );

  test('for tools that it does not call is kept as far as it goes, or is a 500 where nothing was said', async () => {
    const result = await outcome(says('As far as', 'tool_use'));
    expect(result).toMatchObject({ status: 200, stored: ['As far as'] });
    expect(withoutUsage(result.answer.metadata)).toEqual({
      ...ASKED,
      stop_reason: 'tool_use',
      incomplete_reason: 'tool_use',
    });
    expect(await outcome(says('', 'tool_use'))).toMatchObject({ status: 500, stored: [], requests: 1 });
  });

  test('for a pause goes on where it was', async () => {
    const result = await outcome(says('First, ', 'pause_turn'), says('then the rest.'));
    expect(result).toMatchObject({ status: 200, stored: ['First, then the rest.'], requests: 2 });
    const paused = result.last?.messages.at(-1);
    expect(paused).toEqual({
      role: 'assistant',
      content: [expect.objectContaining({ type: 'thinking' }), { type: 'text', text: 'First, ' }],
    });
    expect(result.answer.token_usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 14 });
  });

  test('for ever pausing ends as it is', async () => {
    const pause = says('…', 'pause_turn');
    const result = await outcome(pause, pause, pause, pause, pause);
    expect(result).toMatchObject({ status: 200, stored: ['…………'], requests: 4 });
    expect(withoutUsage(result.answer.metadata)).toEqual({
      ...ASKED,
      stop_reason: 'pause_turn',
      incomplete_reason: 'pause_turn',
    });
  });
});
