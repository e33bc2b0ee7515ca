import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  type HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from './configuration.ts';
import { CORS } from './cors.ts';
import { LOG_LIFETIME } from './lifetime.ts';

/**
 * A line of the access log. It has the route, not the path, and neither query nor headers: nothing that a client
 * wrote, and no credential. `lambda` is the x-request-id of the function's own line.
 */
const ACCESS_LOG = {
  time: '$context.requestTimeEpoch',
  id: '$context.requestId',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  duration_ms: '$context.responseLatency',
  lambda: '$context.integration.requestId',
  lambda_ms: '$context.integrationLatency',
  refusal: '$context.error.responseType',
  authorizer_error: '$context.authorizer.error',
};

/** API Gateway's HTTP API: CORS, throttling, the access log. */
export class PublicApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, configuration: Configuration) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      description: 'Parley',
      createDefaultStage: false,
      ...corsOf(configuration),
    });
    this.stage = this.api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: configuration.throttleRate, burstLimit: configuration.throttleBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'AccessLog', LOG_LIFETIME)),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }
}

function corsOf({ corsOrigins }: Configuration) {
  if (corsOrigins.length === 0) return {};
  return {
    corsPreflight: {
      allowOrigins: [...corsOrigins],
      allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
      allowHeaders: [...CORS.requestHeaders],
      exposeHeaders: [...CORS.exposedHeaders],
      maxAge: Duration.seconds(CORS.maxAgeSeconds),
    },
  };
}
