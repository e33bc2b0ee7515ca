import Anthropic from '@anthropic-ai/sdk';
import { afterAll, expect, test } from 'vitest';
import { listen } from '../../lib/local/listen.ts';
import { createModelStandIn } from '../../lib/local/model-stand-in.ts';

const { port, close } = await listen(createModelStandIn(), 0);
afterAll(close);
const client = new Anthropic({ apiKey: 'any', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
const request = { model: 'm', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hello 👋!' }] };

test('the stand-in answers the SDK in JSON and as events alike, and says what it is', async () => {
  const whole = await client.messages.create(request);
  const streamed = await client.messages.stream(request).finalMessage();
  expect(whole.content).toEqual([{ type: 'text', text: expect.stringContaining('stand-in') }]);
  expect(whole.content).toEqual([{ type: 'text', text: expect.stringContaining('Hello 👋!') }]);
  expect(streamed.content).toEqual(whole.content);
  expect(streamed.stop_reason).toBe('end_turn');
  expect(streamed.usage).toMatchObject({ output_tokens: whole.usage.output_tokens });
  expect(whole.usage.output_tokens).toBeGreaterThan(0);
});

test('it serves nothing else', async () => {
  await expect(client.models.list()).rejects.toMatchObject({ status: 404 });
});
