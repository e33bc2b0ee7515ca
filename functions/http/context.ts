import type { Context as LambdaContext } from 'aws-lambda';
import type { Context, Measures } from '../domain/context.ts';
import { newId } from '../domain/ids.ts';

/** What the outside gives an invocation. @param measures takes what it measures */
export function contextOf(lambdaContext: LambdaContext, measures: Partial<Measures>): Context {
  return {
    now: () => Date.now(),
    newId: () => newId(Date.now()),
    remainingMs: () => lambdaContext.getRemainingTimeInMillis(),
    measure: (more) => {
      for (const [name, value] of Object.entries(more) as [keyof Measures, number][])
        Object.assign(measures, { [name]: (measures[name] ?? 0) + value });
    },
  };
}
