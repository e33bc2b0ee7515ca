import { HttpNoneAuthorizer, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { AnyEndpoint, Auth } from '../functions/http/endpoint.ts';
import type { Configuration } from './configuration.ts';

/** The authorizers of the HTTP API, one for each kind of credential. */
export function apiAuthorizers(
  { issuer, audience }: NonNullable<Configuration['jwt']>,
  authorizeApiKey: IFunction,
): (endpoint: AnyEndpoint) => IHttpRouteAuthorizer {
  const authorizers: Record<Auth, IHttpRouteAuthorizer> = {
    jwt: new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [...audience] }),
    'api-key': new HttpLambdaAuthorizer('ApiKey', authorizeApiKey, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.x-api-key'],
      resultsCacheTtl: Duration.seconds(60),
    }),
    none: new HttpNoneAuthorizer(),
  };
  return ({ api }) => authorizers[api.auth];
}
