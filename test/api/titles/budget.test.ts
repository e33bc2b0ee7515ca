import { expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { opened, piece, says, start, streams } from '../../support/model-events.ts';
import { fails } from '../../support/scripted-model.ts';
import { itemOf } from '../../support/turns.ts';

const MAX_TOKENS = 4_096;
const BUDGET = 12_000;
Object.assign(process.env, { TOKEN_BUDGET: String(BUDGET), MODEL_MAX_TOKENS: String(MAX_TOKENS) });
const api = await startApi();

/** A conversation that waits for its title. @param answerTokens what its first answer has used */
async function untitled(answerTokens: number) {
  const { owner, id, ask } = await conversationWith(api);
  api.model.script.push(says('Drink.', 'end_turn', { input_tokens: 0, output_tokens: answerTokens }));
  await ask('How much water?');
  const event = api.lambda.events.pop();
  const budget = keys.tokenBudget(
    { kind: 'BRAND', id: owner.brandId },
    new Date().toISOString().slice(0, 10),
  );
  const read = { method: 'GET', path: `/v1/conversations/${id}`, headers: owner.bearer };
  return {
    write: () => api.handler(event?.name ?? '')(event?.payload),
    shown: async () => (await api.send(read)).body.title as string,
    spent: async () => {
      const item = await itemOf(api, budget);
      return { used: Number(item?.used), taken: Number(item?.taken) };
    },
  };
}

test('a title is counted in the tenant’s budget, by what the model reports', async () => {
  const { write, shown, spent } = await untitled(100);
  api.model.script.push(says('Water', 'end_turn', { input_tokens: 200, output_tokens: 5 }));
  await write();
  expect([await shown(), await spent()]).toEqual(['Water', { used: 305, taken: 305 }]);
});

test('no title is asked for where the budget is used up', async () => {
  const { write, shown, spent } = await untitled(BUDGET);
  const asked = api.model.asked.length;
  await write();
  expect([await shown(), await spent()]).toEqual(['How much water?', { used: BUDGET, taken: BUDGET }]);
  expect(api.model.asked.length).toBe(asked);
});

test('what a title that fails had reserved is given back', async () => {
  const { write, spent } = await untitled(100);
  api.model.script.push(fails(400));
  await expect(write()).rejects.toThrow(/./u);
  expect(await spent()).toEqual({ used: 100, taken: 100 });
});

test('what a title that is broken off has used counts', async () => {
  const { write, spent } = await untitled(100);
  api.model.script.push(streams(start({ input_tokens: 200 }), opened, piece('How to'), 'cut'));
  await expect(write()).rejects.toThrow(/broken off/u);
  const { used, taken } = await spent();
  expect([used >= 300, taken]).toEqual([true, used]);
});
