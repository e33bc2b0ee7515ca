import { appendMessage } from '../functions/conversations/append-message.ts';
import { createConversation } from '../functions/conversations/create-conversation.ts';
import { listMessages } from '../functions/conversations/list-messages.ts';
import { run } from '../lib/command/fault.ts';
import { type HotThreads, startHotThreads } from './hot-thread-functions.ts';

const APPENDS = 20;
const WRITERS = [1, 2, 4, 8, 16];
const WARM_UP = 50;

/**
 * How fast one thread grows with its writers, on a database that holds the items of a transaction for 8 ms: 125 appends
 * a second are the most that it allows; where DynamoDB Local itself takes longer, fewer. The functions run in processes
 * of their own: all in one, and then one for each writer, as Lambda has them. Clients, proxy and measurement share this
 * process, DynamoDB Local has its own.
 *
 * Numbers of writers may be given: `npm run bench:hot-thread -- 4 16`.
 */
await run(async () => {
  const given = process.argv.slice(2).map(Number);
  const counts = given.length > 0 ? given : WRITERS;
  for (const processes of ['one process', 'a process for each writer'] as const) {
    await using started = new AsyncDisposableStack();
    const functions = await startHotThreads(started, processes === 'one process' ? 1 : Math.max(...counts));
    process.stdout.write(`Functions in ${processes}\n`);
    await measure(functions, { writers: functions.processes, appends: WARM_UP / functions.processes });
    for (const writers of counts)
      process.stdout.write(await measure(functions, { writers, appends: APPENDS }));
  }
});

/** Has so many writers append to a new thread. @returns a line of figures */
async function measure(
  functions: HotThreads,
  { writers, appends }: { writers: number; appends: number },
): Promise<string> {
  const { id } = await functions.call(0, createConversation, { body: {} });
  const path = { id: String(id) };
  const tookMs: number[] = [];
  const before = functions.counts();
  const begunAtMs = performance.now();
  const write = async (writer: number) => {
    for (let index = 0; index < appends; index += 1) {
      const sentAtMs = performance.now();
      await functions.call(writer, appendMessage, {
        path,
        body: { role: 'user', content: `${writer}.${index}` },
      });
      tookMs.push(performance.now() - sentAtMs);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const seconds = (performance.now() - begunAtMs) / 1_000;
  const { calls, transactions, heldMs, busyMs } = functions.counts();
  const { total } = await functions.call(0, listMessages, { path });
  const messages = tookMs.length;
  if (total !== messages)
    throw new Error(`${messages} messages were written, and ${String(total)} are there`);
  const sorted = tookMs.toSorted((a, b) => a - b);
  const figures = {
    'writers ': writers,
    'appends/s ': messages / seconds,
    'of what holding allows % ': (heldMs - before.heldMs) / seconds / 10,
    'held ms ': (heldMs - before.heldMs) / messages,
    'transactions a message ': (transactions - before.transactions) / messages,
    'calls a message ': (calls - before.calls) / messages,
    'p50 ms ': sorted[Math.floor(messages * 0.5)] ?? Number.NaN,
    'p99 ms ': sorted[Math.floor(messages * 0.99)] ?? Number.NaN,
    'CPU of this process % ': (busyMs - before.busyMs) / seconds / 10,
  };
  return `  ${Object.entries(figures)
    .map(([name, figure]) => name + figure.toFixed(name.includes('message') ? 2 : 0))
    .join('   ')}\n`;
}
