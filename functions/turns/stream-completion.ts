import type { Draft } from '../domain/answer.ts';
import type { NewMessage } from '../domain/message.ts';
import { newTurn } from '../domain/turn.ts';
import { currentTurn } from './current-turn.ts';
import { type Begun, executeTurn } from './execute-turn.ts';
import { followTurn } from './follow.ts';
import { latestValue } from './latest-value.ts';
import { prepare, prepareAhead } from './prepare.ts';
import { restartTurn, type Start, type StartedTurn, startTurn, withHead } from './start.ts';
import { type StreamShapes, type TurnStream, turnStream } from './stream.ts';

/** A started turn as a stream. */
interface StreamedCompletion {
  readonly events: ReturnType<typeof turnStream>;
  /** The making of the answer, which goes on when the client leaves. */
  readonly done?: Promise<void>;
  readonly replayed: boolean;
}

/**
 * Stores a user's message and streams the assistant's answer while it is made here. A request that was made before
 * follows its turn; one that has failed is made again, for the message that is stored.
 *
 * @returns null where there is no such thread
 * @throws as startTurn
 */
export async function streamCompletion(
  message: NewMessage,
  given: Start,
  shapes: StreamShapes,
): Promise<StreamedCompletion | null> {
  const start = await withHead(given);
  if (!start) return null;
  const { thread, head, context } = start;
  const preparedAs = prepareAhead({ thread, head }, message, context);
  const started = await startTurn(message, start, context.newId());
  if (!started) return null;
  const eventsOf = ({ messageId, turnId }: StartedTurn, told: Pick<TurnStream, 'drafts' | 'turn'>) =>
    turnStream({ ...message, id: messageId }, { thread, turnId, from: null, shapes, ...told });
  const make = (turn: StartedTurn, begun: Begun | null): StreamedCompletion => {
    const drafts = latestValue<Draft>();
    const job = { thread, head, ...turn };
    const made = executeTurn(job, context, { begun, onDraft: drafts.set }).finally(drafts.end);
    const done = untilTitled(made);
    done.catch(() => {}); // the caller that awaits it is told
    const { messageId, turnId: id } = turn;
    return { events: eventsOf(turn, { drafts, turn: newTurn({ id, messageId }) }), done, replayed: false };
  };
  const { result, lease, isNext, replayed } = started;
  const { messageId, turnId } = result;
  const prepared = () => (isNext ? preparedAs(messageId) : prepare({ thread, head, messageId }, context));
  if (!replayed) return make(result, lease && { lease, prepared: prepared() });
  const turn = await currentTurn(thread, turnId, context);
  if (turn?.status !== 'failed')
    return { events: eventsOf(result, { drafts: followTurn(thread, turnId, context) }), replayed: true };
  return make(await restartTurn(result, start), null);
}

/** @throws why there is no answer, where there is none */
async function untilTitled(made: ReturnType<typeof executeTurn>): Promise<void> {
  const { titled, failed } = await made;
  await titled;
  if (failed) throw failed;
}
