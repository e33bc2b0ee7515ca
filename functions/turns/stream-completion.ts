import type { Draft } from '../domain/answer.ts';
import type { NewMessage } from '../domain/message.ts';
import { currentTurn } from './current-turn.ts';
import { executeTurn } from './execute-turn.ts';
import { followTurn } from './follow.ts';
import { latestValue } from './latest-value.ts';
import { restartTurn, type Start, type StartedTurn, startTurn } from './start.ts';
import { type StreamShapes, turnStream } from './stream.ts';

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
  start: Start,
  shapes: StreamShapes,
): Promise<StreamedCompletion | null> {
  const { thread, context } = start;
  const started = await startTurn(message, start);
  if (!started) return null;
  const eventsOf = ({ messageId, turnId }: StartedTurn, drafts: AsyncIterable<Draft>) =>
    turnStream({ ...message, id: messageId }, { thread, turnId, drafts, from: null, shapes });
  const make = (turn: StartedTurn): StreamedCompletion => {
    const drafts = latestValue<Draft>();
    const made = executeTurn({ thread, ...turn }, context, drafts.set).finally(drafts.end);
    const done = untilTitled(made);
    done.catch(() => {}); // the caller that awaits it is told
    return { events: eventsOf(turn, drafts), done, replayed: false };
  };
  if (!started.replayed) return make(started.result);
  const { turnId } = started.result;
  const turn = await currentTurn(thread, turnId, context);
  if (turn?.status !== 'failed')
    return { events: eventsOf(started.result, followTurn(thread, turnId, context)), replayed: true };
  return make(await restartTurn(started.result, start));
}

/** @throws why there is no answer, where there is none */
async function untilTitled(made: ReturnType<typeof executeTurn>): Promise<void> {
  const { titled, failed } = await made;
  await titled;
  if (failed) throw failed;
}
