import { HttpMethod, type HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { endpoints } from '../functions/endpoints.ts';
import { claimNames } from '../functions/http/claims.ts';
import { Alarms } from './alarms.ts';
import { apiAuthorizers } from './api-authorizers.ts';
import { bundleName } from './bundle-names.ts';
import { DIST } from './bundles.ts';
import { acknowledge } from './checks.ts';
import { configurationOf } from './configuration.ts';
import { Dashboard } from './dashboard.ts';
import { claimsEnvironment, environmentOf, TITLE_VARIABLE, WORKER_VARIABLE } from './function-environment.ts';
import { Functions } from './functions.ts';
import { modelAccess } from './model-access.ts';
import { ParleyTable } from './parley-table.ts';
import { PublicApi } from './public-api.ts';
import { OUTPUTS, type OutputName } from './stack-outputs.ts';
import { streamUrl } from './stream-urls.ts';
import { tokenIssuer } from './token-issuer.ts';
import { toolSigningSecret } from './tool-signing.ts';

interface ParleyProps extends StackProps {
  /** Where the bundles are, if not where `npm run build` puts them. */
  readonly bundles?: string;
}

/** All of Parley: the table, a function and a route for every operation, the authorizers, the users. */
export class ParleyStack extends Stack {
  constructor(scope: Construct, id: string, { bundles = DIST, ...props }: ParleyProps = {}) {
    super(scope, id, props);
    const configuration = configurationOf(this.node);
    const { table } = new ParleyTable(this, 'Table', configuration);
    const model = modelAccess(this, configuration);
    const toolSigning = toolSigningSecret(this);
    const { architecture } = configuration;
    const functions = new Functions(this, 'Functions', {
      table,
      model,
      toolSigning,
      architecture,
      bundles,
    });
    const { jwt, users, addClaims } = tokenIssuer(this, configuration, functions);
    const { api } = new PublicApi(this, 'PublicApi', configuration);
    const metricsNamespace = this.stackName;
    const shared = environmentOf(configuration, {
      tableName: table.tableName,
      apiUrl: api.apiEndpoint,
      modelAccess: model.environment,
      toolSigningSecret: toolSigning.ref,
      jwt,
      metricsNamespace,
    });
    const titleWriter = functions.titleWriter(shared);
    const answering = { ...shared, [TITLE_VARIABLE]: titleWriter.functionName };
    const worker = functions.worker(answering);
    const environment = { ...shared, [WORKER_VARIABLE]: worker.functionName };
    const authorizerOf = apiAuthorizers(jwt, functions.authorizer(environment));
    for (const endpoint of endpoints) {
      const name = bundleName(endpoint);
      const routes = api.addRoutes({
        path: endpoint.path,
        methods: [HttpMethod[endpoint.method]],
        integration: new HttpLambdaIntegration(name, functions.operation(endpoint, environment)),
        authorizer: authorizerOf(endpoint),
      });
      if (endpoint.api.auth === 'none') routes.forEach(acknowledgeOpen);
    }
    const turnStream = functions.stream('turn-stream', answering);
    const follow = functions.stream('follow', shared);
    const watched = { api, table, addClaims, worker, turnStream, follow, metricsNamespace };
    new Alarms(this, 'Alarms', { ...watched, configuration });
    new Dashboard(this, 'Dashboard', watched);
    this.#tell({
      Url: api.apiEndpoint,
      StreamUrl: streamUrl(turnStream, configuration),
      FollowUrl: streamUrl(follow, configuration),
      TableName: table.tableName,
      ...(model.key && { ModelKeySecret: model.key.ref }),
      ToolSigningSecret: toolSigning.ref,
      FailedTitles: titleWriter.deadLetterQueue?.queueUrl ?? '',
      ClaimNames: JSON.stringify(claimNames(claimsEnvironment(configuration))),
      ...(users && { UserPoolId: users.pool.userPoolId, UserPoolClientId: users.client.userPoolClientId }),
    });
  }

  #tell(values: Partial<Record<OutputName, string>>): void {
    for (const name of Object.keys(OUTPUTS) as OutputName[]) {
      const value = values[name];
      if (value !== undefined) new CfnOutput(this, name, { value, description: OUTPUTS[name] });
    }
  }
}

function acknowledgeOpen(route: HttpRoute): void {
  acknowledge(
    route,
    'AwsSolutions-APIG4',
    'Whether the API is there, and what it can do, is no secret; nothing that is stored can be reached.',
  );
}
