import type { Context as LambdaContext } from 'aws-lambda';
import type { Measures } from '../domain/context.ts';
import { toParleyError } from '../domain/errors.ts';
import { contextOf } from '../http/context.ts';
import { STATUS } from '../http/error-bodies.ts';
import { logRequest } from '../http/log.ts';
import { inTimeOfEach } from '../patience/request-time.ts';
import type { TitleJob } from '../titles/ask.ts';
import { writeTitle as write } from '../titles/write.ts';

/**
 * The function that writes titles, which Lambda invokes with a queued event, a second time where it fails. What fails
 * then is in the dead-letter queue.
 */
export async function writeTitle(job: TitleJob, lambdaContext: LambdaContext): Promise<void> {
  const measures: Partial<Measures> = {};
  const log = {
    operation: 'titles/write-title',
    requestId: lambdaContext.awsRequestId,
    startedAtMs: Date.now(),
    measures,
    principal: null,
  };
  const context = contextOf(lambdaContext, measures);
  try {
    await inTimeOfEach(context, () => write(job, context));
    logRequest({ ...log, status: 200, error: undefined });
  } catch (cause) {
    const error = toParleyError(cause);
    context.measure({ titleFailures: 1 });
    logRequest({ ...log, status: STATUS[error.code], error });
    throw error;
  }
}
