import { randomUUID } from 'node:crypto';
import { makeConversation } from './conversation.ts';
import type { StreamedEvent } from './read-stream.ts';
import type { Trial } from './trial.ts';

const STREAM = 'POST /v1/conversations/{id}/messages/stream';
const FOLLOW = 'GET /v1/conversations/{id}/turns/{turn_id}/stream';
const CANCEL = 'POST /v1/conversations/{id}/turns/{turn_id}/cancel';

/** Streams an answer, joins it again and cancels another, at both URLs that stream. */
export async function tryStreams(trial: Trial): Promise<void> {
  const { target, say, step, openStream, refusedStream } = trial;
  if (!target.streams) return say('skip  streams: sam local emulates no function URLs');
  const id = await makeConversation(trial);
  const question = (content: string) => ({ role: 'user', content });

  const asked = { operation: STREAM, path: { id }, body: question('Answer with one sentence.') } as const;
  await step('no token for a stream: 401', () => refusedStream({ ...asked, as: 'nobody' }, 401));
  const nothing = { operation: FOLLOW, path: { id, turn_id: randomUUID() }, as: 'user' } as const;
  await step('a stream of no turn: 404', () => refusedStream(nothing, 404));

  const { turnId, firstId, text } = await step(STREAM, async () => {
    const events = await allOf(await openStream({ ...asked, as: 'user' }));
    const { data } = lastOf(events);
    if (data.status !== 'completed') throw new Error(`The turn ended as ${String(data.status)}`);
    const first = events.find(({ event }) => event === 'delta');
    if (!first) throw new Error('Nothing was said');
    return { turnId: String(data.id), firstId: first.id, text: textOf(events) };
  });
  await step(FOLLOW, async () => {
    const path = { id, turn_id: turnId };
    const events = await allOf(await openStream({ operation: FOLLOW, path, as: 'user', after: firstId }));
    lastOf(events);
    const heard = Number(firstId.split(':')[1]); // in UTF-16 code units
    if (textOf(events) !== text.slice(heard)) throw new Error('What was left to be heard is something else');
  });
  await step(CANCEL, async () => {
    const body = question('Count from one to five hundred, in words.');
    const events: StreamedEvent[] = [];
    let cancelled: unknown;
    for await (const event of await openStream({ operation: STREAM, path: { id }, body, as: 'user' })) {
      events.push(event);
      if (event.event !== 'turn') continue;
      const path = { id, turn_id: String(event.data.id) };
      const answer = await trial.send({ operation: CANCEL, input: { path }, as: 'user', status: 200 });
      cancelled = answer.body.status;
    }
    const { status } = lastOf(events).data;
    if (status !== cancelled) throw new Error(`It was ${String(cancelled)}, and ended as ${String(status)}`);
  });
}

async function allOf(events: AsyncIterable<StreamedEvent>): Promise<StreamedEvent[]> {
  const all: StreamedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The end of a turn. @throws Error where the stream ended without it */
function lastOf(events: readonly StreamedEvent[]): StreamedEvent {
  const last = events.at(-1);
  if (last?.event !== 'done') throw new Error(`The stream ended with ${last?.event ?? 'nothing'}`);
  return last;
}

function textOf(events: readonly StreamedEvent[]): string {
  return events.map(({ event, data }) => (event === 'delta' ? String(data.text) : '')).join('');
}
