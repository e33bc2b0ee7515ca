import type { Context as LambdaContext } from 'aws-lambda';
import type { Measures } from '../domain/context.ts';
import { toParleyError } from '../domain/errors.ts';
import { contextOf } from '../http/context.ts';
import { STATUS } from '../http/error-bodies.ts';
import { logRequest } from '../http/log.ts';
import { executeTurn } from '../turns/execute-turn.ts';
import type { AnswerJob } from '../turns/worker.ts';

/**
 * The function that makes answers, with fifteen minutes for each. Whoever invoked it reads the turn: it returns
 * nothing, and fails only when it could not even write down that it has failed.
 */
export async function makeAnswer(job: AnswerJob, lambdaContext: LambdaContext): Promise<void> {
  const measures: Partial<Measures> = {};
  const log = {
    operation: 'turns/make-answer',
    requestId: lambdaContext.awsRequestId,
    startedAtMs: Date.now(),
    measures,
    principal: null,
    turnId: job.turnId,
  };
  try {
    const context = contextOf(lambdaContext, measures);
    const { titled, failed } = await executeTurn(job, context);
    await titled;
    logRequest({ ...log, status: failed ? STATUS[failed.code] : 200, error: failed ?? undefined });
  } catch (cause) {
    const error = toParleyError(cause);
    logRequest({ ...log, status: STATUS[error.code], error });
    throw error;
  }
}
