import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { splitLines } from '../../support/split-lines.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();
const ENDS = 'a\u2028b\u2029c\u0085d\ve\ff\u001cg\rh\ni';
const UI = { accept: 'text/event-stream; protocol=ui-message-stream' };

/** The data of events, each in one line, as a reader has it that ends lines as Python does. */
function dataIn(text: string): unknown[] {
  const lines = splitLines(text).filter((line) => line !== '');
  for (const line of lines) expect(line).toMatch(/^(?:retry|id|event|data): /u);
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice('data: '.length));
  return data.filter((each) => each !== '[DONE]').map((each) => JSON.parse(each) as unknown);
}

test.each(KINDS)('$name: whatever ends a line elsewhere ends none in a stream', async (kind) => {
  const { streamed, rejoin } = await threadOf(api, kind);
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const question = `${randomUUID()} ${ENDS}`;
    const pieces = [piece(ENDS), piece(ENDS)];
    api.model.scripts.set(question, [streams(start(), opened, ...pieces, ...stopped('end_turn'), 'end')]);
    return dataIn(await (await streamed(question, headers)).response.text());
  };
  const data = await ask({});
  expect(data).toContainEqual(expect.objectContaining({ content: expect.stringContaining(ENDS) as string }));
  const { id, assistant_message } = data.at(-1) as { id: string; assistant_message: { content: string } };
  expect(assistant_message.content).toBe(ENDS + ENDS);
  expect(dataIn(await (await rejoin(id)).response.text()).at(-1)).toEqual(data.at(-1));
  const chunks = (await ask(UI)) as { type: string; delta?: string }[];
  const said = chunks.filter(({ type }) => type === 'text-delta');
  expect(said.map(({ delta = '' }) => delta).join('')).toBe(ENDS + ENDS);
});
