import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { textMessage } from '../../../functions/domain/message.ts';
import { EFFORTS, THINKING_DISPLAYS } from '../../../functions/domain/thinking.ts';
import { mostOutputTokens, settingsOf } from '../../../functions/model/models.ts';
import { requestOf } from '../../../functions/model/request.ts';
import { refusalOf } from '../../../lib/local/messages-api/rules.ts';

const MODELS = [
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-opus-4-8',
  'claude-opus-4-6',
  'claude-opus-4-5',
  'claude-sonnet-4-6',
  'claude-haiku-4-5-20251001',
  'claude-3-5-haiku-latest',
  'anthropic.claude-x-v1:0',
  'llama',
];
const LENGTHS = [1, 60, 4_095, 4_096, 16_000, 60_000];
const TOOL = { name: 'look', description: 'Looks', inputSchema: { type: 'object' } };
const HISTORY = [
  { ...textMessage('user', 'a'), id: newId(0) },
  { ...textMessage('system', 'b'), id: newId(0) },
  { ...textMessage('assistant', 'c'), id: newId(0) },
  { ...textMessage('user', 'd'), id: newId(0) },
];

describe('the request for', () => {
  test.each(MODELS)('%s has nothing that it would refuse, whatever is asked for', (model) => {
    for (const effort of EFFORTS)
      for (const display of THINKING_DISPLAYS)
        for (const maxTokens of LENGTHS)
          for (const tools of [[], [TOOL]])
            for (const mayCall of [true, false]) {
              const how = { model, effort, display, maxTokens, tools, mayCall };
              const request = requestOf(HISTORY, { ...how, system: ['s'], rounds: [], contextTokens: 1_000 });
              expect([how, refusalOf(request)]).toEqual([how, null]);
            }
  });
});

describe('how much a model thinks', () => {
  const long = { effort: 'high', display: 'summarized', maxTokens: 16_000, hasTools: true } as const;
  const short = { ...long, maxTokens: 100 };
  const adaptive = { type: 'adaptive', display: 'summarized' };
  const low = { effort: 'low' };

  test.each(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'])(
    'is what the effort says, of %s',
    (model) => {
      expect(settingsOf({ model, ...long })).toEqual({
        max_tokens: 16_000,
        thinking: adaptive,
        output_config: { effort: 'high' },
      });
      expect(settingsOf({ model, ...long, display: 'omitted' }).thinking).toEqual({
        type: 'adaptive',
        display: 'omitted',
      });
    },
  );

  test.each([
    ['claude-opus-5-5', { max_tokens: 4_196, thinking: adaptive, output_config: low }],
    ['claude-sonnet-5-5', { max_tokens: 4_196, thinking: { type: 'between_tools' }, output_config: low }],
    ['claude-haiku-5-5', { max_tokens: 100, thinking: { type: 'disabled' }, output_config: low }],
    ['claude-sonnet-4-6', { max_tokens: 100 }],
    ['some-other-model', { max_tokens: 4_196 }],
  ])('is the least for a short answer, which has room where that is not nothing: %s', (model, settings) => {
    expect(settingsOf({ model, ...short })).toEqual(settings);
  });

  test('needs no room between tools where there are none', () => {
    expect(settingsOf({ model: 'claude-sonnet-5-5', ...short, hasTools: false }).max_tokens).toBe(100);
  });

  test('is bounded for a budget by the longest that any answer of any model may be', () => {
    expect(mostOutputTokens(MODELS, 16_000)).toBe(16_000);
    expect(mostOutputTokens(MODELS, 100)).toBe(4_196);
    expect(mostOutputTokens(['claude-haiku-5-5'], 100)).toBe(100);
    for (const most of LENGTHS)
      for (const model of MODELS)
        for (const maxTokens of LENGTHS.filter((each) => each <= most)) {
          const { max_tokens } = settingsOf({ model, ...long, maxTokens });
          expect(max_tokens).toBeLessThanOrEqual(mostOutputTokens([model], most));
        }
  });
});
