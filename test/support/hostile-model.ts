import fc from 'fast-check';

/** Text as a model may say it by accident, and as nobody should. */
export const oddText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', ' ', '\n\n', '\u00a0', '\u0085', '\u001c', '\uFEFF', '\u2028', '\0'),
  fc.constantFrom('\ud83d', '\ude00', 'a\ud83d', '\ude00b', 'a\ud83db', '\ude00\ud83d', '😀'),
);

/** Ids and names from a small stock, so that they come again. */
const oddName = fc.oneof(
  fc.constantFrom(
    'weather',
    'get weather',
    'get_weather',
    'get.weather',
    '',
    ' ',
    'é',
    '\ud83d',
    '__proto__',
  ),
  fc.constantFrom('x'.repeat(64), 'x'.repeat(65), 'x'.repeat(70), 'weather\n', 'functions.weather:0'),
  oddText,
);
const oddId = fc.oneof(
  fc.constantFrom(
    'toolu_1',
    'toolu_2',
    'call_0',
    'call_1',
    'call_2',
    'call|1',
    'call 1',
    '',
    '\ud83d',
    'constructor',
  ),
  fc.constantFrom('i'.repeat(64), 'i'.repeat(65), 'i'.repeat(66)),
  oddText,
);

/** What a tool is called with, in JSON or not. */
const oddInput = fc.oneof(
  fc
    .dictionary(oddText, fc.oneof(oddText, fc.array(oddText, { maxLength: 2 })), { maxKeys: 3 })
    .map((value) => JSON.stringify(value)),
  fc.constantFrom('', '{', '[]', 'null', '"x"', '{}{}', '{"n":1e400}', '{"n":[-1e999,9007199254740993,-0]}'),
  fc.constantFrom(
    '{"a":"\\ud83d"}',
    '{"\\ude00":{"\\ud83d":1,"\\ud83e":2}}',
    '{"__proto__":{"\ud83d":"\ude00"}}',
  ),
);

type Event = Readonly<Record<string, unknown>>;
type Delta = readonly [type: string, member: string, value: string];

const ends = fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false));
/** One block: how it begins, what comes to it, and whether it ends. */
const block = (begun: fc.Arbitrary<Event>, deltas: fc.Arbitrary<readonly Delta[]>) =>
  fc.record({ begun, deltas, ends });
const some = (each: fc.Arbitrary<Delta>) => fc.array(each, { maxLength: 3 });

const text = block(
  fc.record({ type: fc.constant('text'), text: oddText }),
  some(oddText.map((value) => ['text_delta', 'text', value])),
);
const call = block(
  fc.record({
    type: fc.constant('tool_use'),
    id: oddId,
    name: oddName,
    input: fc.oneof(
      fc.constant({}),
      fc.dictionary(oddText, oddText, { maxKeys: 2 }),
      fc.constantFrom(null, [], 'x'),
    ),
  }),
  fc
    .tuple(oddInput, fc.nat(8))
    .map(([json, at]) => [json.slice(0, at), json.slice(at)])
    .map((pieces) => pieces.map((piece) => ['input_json_delta', 'partial_json', piece] as const)),
);
/** Blocks of which nobody has asked for, and thoughts whose proof is missing. */
const stray = block(
  fc.constantFrom<Event>(
    { type: 'banana' },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking', thinking: 'half \ud83d', signature: '' },
  ),
  some(fc.constantFrom<Delta>(['text_delta', 'text', 'astray'], ['thinking_delta', 'thinking', 'Hm'])),
);

const anyBlocks = fc.array(
  fc.oneof({ weight: 3, arbitrary: text }, { weight: 4, arbitrary: call }, { weight: 1, arbitrary: stray }),
  { maxLength: 5 },
);

/**
 * The events of the blocks of one answer: their order within a block is kept, blocks may interleave. Indexes count up,
 * or come again.
 */
const blockEvents = fc
  .tuple(anyBlocks, fc.array(fc.nat(4), { maxLength: 30 }), fc.boolean(), fc.boolean())
  .map(([blocks, order, isInterleaved, isOneIndex]): Event[] => {
    const queues = blocks.map(({ begun, deltas, ends: hasEnd }, place) => {
      const index = isOneIndex && !isInterleaved ? 0 : place;
      const coming: Event[] = deltas.map(([type, member, value]) => ({
        type: 'content_block_delta',
        index,
        delta: { type, [member]: value },
      }));
      const start: Event = { type: 'content_block_start', index, content_block: begun };
      const stop: Event = { type: 'content_block_stop', index };
      return [start].concat(coming, hasEnd ? [stop] : []);
    });
    const picked = isInterleaved
      ? order.flatMap((at) => queues[at % Math.max(1, queues.length)]?.splice(0, 1) ?? [])
      : [];
    return picked.concat(queues.flat());
  });

/** One answer of a hostile model: its blocks, and why it says it has stopped. */
export const hostileAnswer = fc.record({
  blocks: blockEvents,
  reason: fc.oneof(
    { weight: 4, arbitrary: fc.constant('tool_use') },
    fc.constantFrom('end_turn', 'max_tokens', 'pause_turn', 'refusal', 'banana'),
  ),
});

/** What a tool answers to that. */
export const oddResult = fc.oneof(
  fc.record({
    ok: fc.constant(true as const),
    result: fc.oneof(oddText, fc.constant(null), fc.dictionary(oddText, oddText, { maxKeys: 2 })),
  }),
  fc.record({ ok: fc.constant(false as const), error: oddText }),
);
