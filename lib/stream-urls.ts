import {
  FunctionUrlAuthType,
  HttpMethod,
  InvokeMode,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Configuration } from './configuration.ts';
import { CORS } from './cors.ts';

/**
 * A URL at which a function streams: API Gateway's HTTP APIs cannot. Anybody may call it; the function checks the
 * credentials itself, before it reads the body.
 */
export function streamUrl(streaming: LambdaFunction, { corsOrigins }: Configuration): string {
  const { url } = streaming.addFunctionUrl({
    authType: FunctionUrlAuthType.NONE,
    invokeMode: InvokeMode.RESPONSE_STREAM,
    ...(corsOrigins.length > 0 && {
      cors: {
        allowedOrigins: [...corsOrigins],
        allowedMethods: [HttpMethod.GET, HttpMethod.POST],
        allowedHeaders: [...CORS.requestHeaders],
        exposedHeaders: [...CORS.exposedHeaders],
        maxAge: Duration.seconds(CORS.maxAgeSeconds),
      },
    }),
  });
  return url;
}
