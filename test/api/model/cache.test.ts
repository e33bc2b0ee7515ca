import { expect, test } from 'vitest';
import { inputTokens, promptCache } from '../../../lib/local/messages-api/prompt-cache.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { startLocalTools } from '../../support/local-tools.ts';
import { calls, callsTools } from '../../support/model-events.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const tools = await startLocalTools();
const api = await startApi();

test.each([1, 10, 16])(
  'after an answer with %d calls a question reads from the model’s cache all that was sent with the one before',
  async (count) => {
    const { ask } = await agentThreadWith(api, { configuration: { tools: [tools.toolNamed('look')] } });
    tools.answers.set('/look', { json: '{"found":1}' });
    const called = Array.from({ length: count }, (_, index) => calls(`toolu_${index}`, 'look', {}));
    const before = api.model.asked.length;
    api.model.script.push(callsTools(...called));
    await ask('How is the weather? '.repeat(200));
    await ask('And now?');
    const [first, second, next, ...others] = api.model.asked.slice(before);
    if (!first || !second || !next || others.length > 0) throw new Error('It was not asked three times');
    const cache = promptCache();
    const reads = [first, second, next].map((request) => cache.bill(request, 0).read);
    expect(reads[2]).toBe(inputTokens(first));
    expect(api.model.refusals).toEqual([]);
  },
);

test.each(KINDS)('a second question in $name is told what was read from the cache', async (kind) => {
  const { ask } = await threadOf(api, kind);
  const first = await ask('How is the weather? '.repeat(200));
  const second = await ask('And now?');
  const [written, read] = [first, second].map(({ answer }) => answer.metadata.usage_details);
  expect(written).toMatchObject({ cache_read_tokens: 0, cache_write_tokens: expect.any(Number) as number });
  expect(read).toMatchObject({
    cache_read_tokens: (written as { cache_write_tokens: number }).cache_write_tokens,
  });
});
