import type { Operations } from '../../client/client.ts';
import type { Of, Schema } from '../../functions/http/schema.ts';

type Name = keyof Operations;

/** The parts of an endpoint that a client meets. */
interface Handler {
  readonly body?: Schema<unknown>;
  readonly query?: Schema<unknown>;
  readonly pathParameters?: Schema<unknown>;
  readonly responses: Readonly<Record<number, Schema<unknown>>>;
}

type Given<Part> = Of<NonNullable<Part>>;
type Sent<N extends Name, Part extends string> =
  Operations[N]['input'] extends Readonly<Partial<Record<Part, infer T>>> ? T : unknown;

/** `true` where a handler takes what the client sends, and the client can read what it answers; otherwise what is wrong. */
export type Agrees<N extends Name, H extends Handler> =
  Given<H['body']> extends Sent<N, 'body'>
    ? [Given<H['pathParameters']>, Given<H['query']>] extends [Sent<N, 'path'>, Sent<N, 'query'>]
      ? Of<H['responses'][keyof H['responses']]> extends Operations[N]['output']
        ? true
        : 'the answers differ'
      : 'the parameters differ'
    : 'the bodies differ';

/** Compiles where all of them agree. */
export type Every<Agreements extends readonly true[]> = Agreements;
