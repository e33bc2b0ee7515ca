/** Sizes that hold for every operation. A message text above its limit is 413, everything else above one is 422. */
export const MESSAGE_TEXT_BYTES = 256 * 1024;
/** Formatted text beside a message's own: both are in one item. */
export const HTML_BYTES = 64 * 1024;
export const NAME_CHARACTERS = 200;
export const ID_BYTES = 128;
export const URL_CHARACTERS = 2_048;
export const DESCRIPTION_CHARACTERS = 4_000;
export const STATUS_CHARACTERS = 64;
export const FREE_JSON_BYTES = 32 * 1024;
/** How deep free JSON of a body, a tool's result and a model's arguments may nest: `{}` is one level. */
export const FREE_JSON_DEPTH = 200;
/** All of them are in every request to the model: more cost tokens, and models choose among them worse. */
export const TOOLS_OF_AN_AGENT = 32;

/**
 * How deep a body may nest, and what is stored, some of which is older than FREE_JSON_DEPTH: far below where parsing
 * would run out of stack.
 */
export const JSON_DEPTH = 1_000;

/** A page of a list ends early at this size; Lambda cannot return more than 6 MB. */
export const PAGE_BYTES = 3 * 1024 * 1024;

export const PAGE_ITEMS = { minimum: 1, maximum: 100, default: 20 } as const;

/** How many of its newest messages a thread is shown with. */
export const DETAIL_MESSAGES = 100;

/** An answer with its tool calls: DynamoDB's items end at 400 KB. */
export const ANSWER_BYTES = 360 * 1024;
/** How long the checks of a turn's tool calls may take in all: nothing else happens meanwhile, in the whole function. */
export const ARGUMENT_CHECKS_MS = 10_000;
/** How often, in one answer, a model may call tools and go on with what they answer. */
export const TOOL_ROUNDS = 10;
/** How many calls of a round are made at the same time: each is a connection and up to 256 KiB of an answer. */
export const CALLS_AT_ONCE = 16;

/** How long an answer may take to make: the longest that a function can live. */
export const ANSWER_MS = 15 * 60_000;

/** How long an Idempotency-Key is remembered. */
export const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/** How long a request waits for the model: API Gateway gives up after 30 s. */
export const ANSWER_WITHIN_MS = 25_000;
/** What must be left of a function's time to store an answer and to send it. */
export const STORE_WITHIN_MS = 3_000;
