import { INCOMPLETE_REASONS } from '../domain/answer.ts';
import {
  ANSWER_WITHIN_MS,
  DESCRIPTION_CHARACTERS,
  FREE_JSON_BYTES,
  FREE_JSON_DEPTH,
  HTML_BYTES,
  ID_BYTES,
  NAME_CHARACTERS,
  PAGE_ITEMS,
  URL_CHARACTERS,
} from '../domain/limits.ts';
import { EFFORTS } from '../domain/thinking.ts';
import { ON_BUSY } from '../domain/turn.ts';

/**
 * Pieces of JSON Schema that several operations share. `x-max-bytes`, `x-max-json-bytes`, `x-max-json-depth` and
 * `x-web-url` are keywords of ours (lib/validators.ts compiles them): lengths in UTF-8 bytes, levels of nesting and how a
 * URL begins, none of which JSON Schema can say.
 */

/** Text without lone surrogates: UTF-8 cannot hold them, so they would come back as something else. */
const WELL_FORMED = '^[^\\ud800-\\udfff]*$';
const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';

export const text = { type: 'string', pattern: WELL_FORMED } as const;
export const nonEmptyText = { ...text, minLength: 1 } as const;
export const name = { ...text, maxLength: NAME_CHARACTERS } as const;
export const nonEmptyName = { ...name, minLength: 1 } as const;
export const nullableName = { ...name, type: ['string', 'null'] } as const;
export const id = { ...text, 'x-max-bytes': ID_BYTES } as const;
export const nullableId = { ...id, type: ['string', 'null'] } as const;
export const nullableHtml = { ...text, type: ['string', 'null'], 'x-max-bytes': HTML_BYTES } as const;
/** What clients show or link to: no `javascript:`. It is read as browsers read it (WHATWG, "URL"). */
export const url = {
  ...text,
  format: 'uri',
  maxLength: URL_CHARACTERS,
  'x-web-url': true,
} as const;
export const nullableUrl = { ...url, type: ['string', 'null'] } as const;
export const nullableDescription = {
  ...text,
  type: ['string', 'null'],
  maxLength: DESCRIPTION_CHARACTERS,
} as const;

export const uuid = { type: 'string', format: 'uuid', pattern: UUID } as const;
export const nullableUuid = { ...uuid, type: ['string', 'null'] } as const;
export const timestamp = { type: 'string', format: 'date-time' } as const;

export const integerId = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
export const nullableIntegerId = { ...integerId, type: ['integer', 'null'] } as const;

export const freeJson = {
  type: 'object',
  additionalProperties: true,
  'x-max-json-bytes': FREE_JSON_BYTES,
  'x-max-json-depth': FREE_JSON_DEPTH,
} as const;
/** What a message says besides: a client's own in its messages, Parley's in answers. */
export const messageMetadata = {
  type: 'object',
  description:
    'Of an answer `model` says which model was asked, and `stop_reason` why it stopped, where it did so by itself. ' +
    'Of an answer that is not whole `incomplete_reason` says why: ' +
    `${INCOMPLETE_REASONS.map((reason) => `\`${reason}\``).join(', ')}. ` +
    '`usage_details` has what an answer has used: `prompt_tokens`, `completion_tokens`, and of these `thinking_tokens`, ' +
    '`cache_read_tokens` and `cache_write_tokens`; `estimated` where some of it is an estimate, because the answer was broken off. ' +
    '`cost_usd` has what that costs, a decimal number of US dollars as text, where the prices are known.',
  additionalProperties: {},
} as const;
/** A day (UTC) of these centuries, `2026-11-22`. */
export const day = { type: 'string', format: 'date', pattern: '^2[0-9]{3}-[0-9]{2}-[0-9]{2}$' } as const;
/** An amount of US dollars with all its digits. */
export const nullableUsd = { type: ['string', 'null'], pattern: '^[0-9]+([.][0-9]+)?$' } as const;
export const nullableFreeJson = { ...freeJson, type: ['object', 'null'] } as const;

export const limit = { type: 'integer', ...PAGE_ITEMS } as const;
export const cursor = { type: 'string', pattern: '^[A-Za-z0-9_-]{12,2048}$' } as const;
/** How long a request waits for a turn, in seconds. */
export const wait = {
  type: 'integer',
  minimum: 0,
  maximum: ANSWER_WITHIN_MS / 1_000,
  default: 0,
} as const;
/** How much a model is to think. */
export const effort = { type: 'string', enum: EFFORTS } as const;
/** Null leaves it to the deployment. */
export const nullableEffort = { type: ['string', 'null'], enum: [...EFFORTS, null] } as const;
export const onBusy = { type: 'string', enum: ON_BUSY, default: 'reject' } as const;

export const order = { type: 'string', enum: ['asc', 'desc'], default: 'desc' } as const;
