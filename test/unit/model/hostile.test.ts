import type { MessageCreateParamsBase, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerMessage, type IncompleteReason } from '../../../functions/domain/answer.ts';
import { newId } from '../../../functions/domain/ids.ts';
import { type Message, type NewMessage, type Role, textMessage } from '../../../functions/domain/message.ts';
import { eventsOf, type ModelCall, type ModelEvent } from '../../../functions/model/events.ts';
import { requestOf } from '../../../functions/model/request.ts';
import type { Round } from '../../../functions/model/tool-rounds.ts';
import { wholeCharacters } from '../../../functions/model/whole-characters.ts';
import { answerBuilder } from '../../../functions/turns/answer-builder.ts';
import { refusalOf } from '../../../lib/local/messages-api/rules.ts';
import { thoughtFor } from '../../../lib/local/messages-api/thinking.ts';
import { thinkingBlock } from '../../../lib/local/messages-api/thinking-events.ts';
import { hostileAnswer, oddResult, oddText } from '../../support/hostile-model.ts';
import { start } from '../../support/model-events.ts';
import { OPERATOR } from '../../support/operator.ts';

const ROUNDS = 3;
const tools = ['weather', 'get_weather'].map((name) => ({
  name,
  description: name,
  inputSchema: { type: 'object' },
}));
const models = ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5', 'claude-sonnet-4-5', 'unknown'];

const withId = (message: NewMessage): Message => ({ ...message, id: newId(0) });

/** What the service says of a request as it goes over the wire. */
const refused = (request: MessageCreateParamsBase) =>
  refusalOf(JSON.parse(JSON.stringify(request)) as MessageCreateParamsBase);

type Answer = typeof hostileAnswer extends fc.Arbitrary<infer T> ? T : never;
type Outcome = typeof oddResult extends fc.Arbitrary<infer T> ? T : never;

/** The stream of an answer; a model that thinks does so first, bound to what it was asked. */
async function* streamOf({ blocks, reason }: Answer, request: MessageCreateParamsBase) {
  const thought = thoughtFor(JSON.parse(JSON.stringify(request)) as MessageCreateParamsBase);
  const events = [
    start(),
    ...(thought ? thinkingBlock(thought, 99) : []),
    ...blocks,
    { type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ];
  yield* events as unknown as RawMessageStreamEvent[];
}

/** Makes one answer as turns/generate-answer.ts does, and checks each of its requests. */
async function answer(
  history: readonly Message[],
  { model, contextTokens, answers, outcomes }: Turn & { model: string; contextTokens: number },
): Promise<NewMessage> {
  const builder = answerBuilder(() => {});
  const rounds: Round[] = [];
  for (const each of answers.slice(0, ROUNDS)) {
    const options = { model, maxTokens: 100, contextTokens, ...OPERATOR, tools, rounds };
    const request = requestOf(history, options);
    expect(refused(request)).toBeNull();
    const calls: ModelCall[] = [];
    let end: Extract<ModelEvent, { type: 'end' }> | undefined;
    const heard = eventsOf(streamOf(each, request), () => {}) as AsyncGenerator<ModelEvent>; // what else there is, is for the meter
    for await (const event of wholeCharacters(heard)) {
      if (event.type === 'text') builder.say(event.text);
      if (event.type === 'call') calls.push(event);
      if (event.type === 'end') end = event;
    }
    if (each.reason !== 'tool_use' || calls.length === 0)
      return answerMessage(
        builder.draft(),
        each.reason === 'end_turn' ? null : (each.reason as IncompleteReason),
      );
    builder.begin(calls, 0);
    for (const [index] of calls.entries())
      builder.end(index, outcomes[index % outcomes.length] as Outcome, 1);
    const ended = builder.draft().toolCalls.filter(({ round }) => round === rounds.length);
    rounds.push({ blocks: end?.blocks ?? [], calls: ended });
  }
  return answerMessage(builder.draft(), 'interrupted');
}

interface Turn {
  readonly before: readonly NewMessage[];
  readonly answers: readonly Answer[];
  readonly outcomes: readonly Outcome[];
}

const turn: fc.Arbitrary<Turn> = fc.record({
  before: fc.array(
    fc
      .tuple(fc.constantFrom<Role>('user', 'assistant', 'system', 'tool'), oddText)
      .map(([role, text]) => textMessage(role, text.toWellFormed())), // as the APIs and the table have it
    { maxLength: 2 },
  ),
  answers: fc.array(hostileAnswer, { minLength: 1, maxLength: ROUNDS }),
  outcomes: fc.array(oddResult, { minLength: 1, maxLength: 3 }),
});

test.each(models)(
  'whatever %s says, and hostile tools answer, the service takes every later request',
  async (model) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(turn, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(100, 1_000_000),
        async (turns, contextTokens) => {
          const history: Message[] = [];
          for (const { before, ...asked } of turns) {
            const question = withId(textMessage('user', 'question'));
            history.push(...before.map(withId), question);
            const said = await answer(history, { before, ...asked, model, contextTokens });
            history.push(withId({ ...said, answersId: question.id }));
          }
          const last = [...history, withId(textMessage('user', 'last'))];
          const options = { model, maxTokens: 100, contextTokens, ...OPERATOR };
          expect(refused(requestOf(last, { ...options, tools }))).toBeNull();
          expect(refused(requestOf(last, options))).toBeNull();
        },
      ),
      { numRuns: 600 },
    );
  },
);
