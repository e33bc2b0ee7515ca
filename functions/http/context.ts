import type { Context as LambdaContext } from 'aws-lambda';
import type { Context, Measures } from '../domain/context.ts';
import { newId } from '../domain/ids.ts';

/** What the outside gives an invocation. @param measures takes what it measures */
export function contextOf(lambdaContext: LambdaContext, measures: Partial<Measures>): Context {
  return {
    ...timeOf(lambdaContext),
    newId: () => newId(Date.now()),
    measure: (more) => {
      for (const [name, value] of Object.entries(more) as [keyof Measures, number][])
        Object.assign(measures, { [name]: (measures[name] ?? 0) + value });
    },
  };
}

/** The clock, and how long an invocation may take. */
export function timeOf(
  lambdaContext: Pick<LambdaContext, 'getRemainingTimeInMillis'>,
): Pick<Context, 'now' | 'remainingMs'> {
  return { now: () => Date.now(), remainingMs: () => lambdaContext.getRemainingTimeInMillis() };
}
