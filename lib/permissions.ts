import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { TableAccess } from '../functions/http/endpoint.ts';
import type { DeployedTable } from './parley-table.ts';

/** What an operation declares that it does with the table, as statements of IAM. */
export function tableStatements(
  { tableArn }: DeployedTable,
  { table, indexes }: TableAccess,
): PolicyStatement[] {
  const items = { actions: table.map((action) => `dynamodb:${action}`), resources: [tableArn] };
  const lists = {
    actions: ['dynamodb:Query'],
    resources: indexes.map((index) => `${tableArn}/index/${index}`),
  };
  return [...(table.length > 0 ? [items] : []), ...(indexes.length > 0 ? [lists] : [])].map(
    (statement) => new PolicyStatement(statement),
  );
}

/** To invoke a function. */
export function invokeStatement({ functionArn }: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] });
}

/** To put messages into a queue. */
export function sendStatement({ queueArn }: IQueue): PolicyStatement {
  return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] });
}

/** To read the values of secrets. */
export function secretsStatement(secrets: readonly CfnSecret[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: secrets.map(({ ref }) => ref),
  });
}
