import type { Context as LambdaContext } from 'aws-lambda';
import type { Context, Measures } from '../domain/context.ts';
import { type ParleyError, toParleyError } from '../domain/errors.ts';
import { contextOf } from '../http/context.ts';
import { STATUS } from '../http/error-bodies.ts';
import { logRequest } from '../http/log.ts';
import { settleNamed } from '../turns/current-turn.ts';
import { executeTurn } from '../turns/execute-turn.ts';
import type { AnswerJob, SettlementJob } from '../turns/worker.ts';

/**
 * The function that makes answers, with fifteen minutes for each, and settles turns for those who may not write. Whoever
 * invoked it reads the turn: it returns nothing, and fails only when it could not even write down that it has failed.
 */
export async function makeAnswer(
  job: AnswerJob | SettlementJob,
  lambdaContext: LambdaContext,
): Promise<void> {
  const measures: Partial<Measures> = {};
  const isSettlement = 'settles' in job;
  const log = {
    operation: isSettlement ? 'turns/settle' : 'turns/make-answer',
    requestId: lambdaContext.awsRequestId,
    startedAtMs: Date.now(),
    measures,
    principal: null,
    turnId: isSettlement ? job.settles : job.turnId,
  };
  try {
    const context = contextOf(lambdaContext, measures);
    const failed = isSettlement ? await settle(job, context) : await answer(job, context);
    logRequest({ ...log, status: failed ? STATUS[failed.code] : 200, error: failed ?? undefined });
  } catch (cause) {
    const error = toParleyError(cause);
    logRequest({ ...log, status: STATUS[error.code], error });
    throw error;
  }
}

/** @returns why there is no answer, where there is none */
async function answer(job: AnswerJob, context: Context): Promise<ParleyError | null> {
  const { titled, failed } = await executeTurn(job, context);
  await titled;
  return failed;
}

async function settle({ thread, settles }: SettlementJob, context: Context): Promise<null> {
  await settleNamed(thread, settles, context);
  return null;
}
