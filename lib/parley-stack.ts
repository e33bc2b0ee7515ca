import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { endpoints } from '../functions/endpoints.ts';
import { apiAuthorizers } from './api-authorizers.ts';
import { bundleName } from './bundles.ts';
import { configurationOf, environmentOf } from './configuration.ts';
import { Functions } from './functions.ts';
import { ParleyTable } from './parley-table.ts';

/** All of Parley: the table, a function and a route for every operation, the authorizers. */
export class ParleyStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const configuration = configurationOf(this.node);
    const { table } = new ParleyTable(this, 'Table');
    const environment = environmentOf(configuration, table.tableName);
    const functions = new Functions(this, 'Functions', { table, environment });
    const authorizerOf = apiAuthorizers(configuration, functions.authorizer());
    const api = new HttpApi(this, 'Api', { description: 'Parley' });
    for (const endpoint of endpoints) {
      const name = bundleName(endpoint);
      api.addRoutes({
        path: endpoint.path,
        methods: [HttpMethod[endpoint.method]],
        integration: new HttpLambdaIntegration(name, functions.operation(endpoint)),
        authorizer: authorizerOf(endpoint),
      });
    }
    new CfnOutput(this, 'Url', { value: api.apiEndpoint, description: 'Where the API is' });
    new CfnOutput(this, 'TableName', {
      value: table.tableName,
      description: 'The table that holds everything',
    });
  }
}
