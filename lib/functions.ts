import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AnyEndpoint, TableAccess } from '../functions/http/endpoint.ts';
import { AUTHORIZER_BUNDLE, bundleName, DIST } from './bundles.ts';
import { AUTHORIZER_TIMEOUT_MS, functionTimeoutMs } from './time-limits.ts';

interface FunctionsProps {
  readonly table: TableV2;
  readonly environment: Record<string, string>;
}

interface FunctionProps {
  readonly name: string;
  readonly description: string;
  readonly logGroup: string;
  readonly access: TableAccess;
  readonly timeoutMs: number;
}

/** A function for every operation, each allowed exactly what it declares; one log group for each public API. */
export class Functions extends Construct {
  readonly #props: FunctionsProps;
  readonly #logGroups = new Map<string, LogGroup>();

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.#props = props;
  }

  /** The function of an operation. */
  operation(endpoint: AnyEndpoint): LambdaFunction {
    return this.#add({
      name: bundleName(endpoint),
      description: `${endpoint.method} ${endpoint.path}`,
      logGroup: endpoint.api.name,
      access: endpoint.access,
      timeoutMs: functionTimeoutMs(endpoint),
    });
  }

  /** The Lambda authorizer of API keys. */
  authorizer(): LambdaFunction {
    return this.#add({
      name: AUTHORIZER_BUNDLE,
      description: 'Authorizes API keys',
      logGroup: 'authorizer',
      access: { table: ['GetItem'], indexes: [] },
      timeoutMs: AUTHORIZER_TIMEOUT_MS,
    });
  }

  #add({ name, description, logGroup, access, timeoutMs }: FunctionProps): LambdaFunction {
    const logs = this.#logGroup(logGroup);
    return new LambdaFunction(this, name, {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1_024,
      timeout: Duration.millis(timeoutMs),
      handler: 'index.handler',
      code: Code.fromAsset(join(DIST, name)),
      environment: this.#props.environment,
      logGroup: logs,
      role: this.#role(name, access, logs),
    });
  }

  /** Policies stand in the role itself: a policy of its own for every function would double the resources. */
  #role(name: string, access: TableAccess, logs: LogGroup): Role {
    const write = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    });
    return new Role(this, `${name}-role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        function: new PolicyDocument({ statements: [write, ...this.#tableStatements(access)] }),
      },
    });
  }

  #tableStatements({ table, indexes }: TableAccess): PolicyStatement[] {
    const { tableArn } = this.#props.table;
    const items = { actions: table.map((action) => `dynamodb:${action}`), resources: [tableArn] };
    const lists = {
      actions: ['dynamodb:Query'],
      resources: indexes.map((index) => `${tableArn}/index/${index}`),
    };
    return [...(table.length > 0 ? [items] : []), ...(indexes.length > 0 ? [lists] : [])].map(
      (statement) => new PolicyStatement(statement),
    );
  }

  #logGroup(name: string): LogGroup {
    const existing = this.#logGroups.get(name);
    if (existing) return existing;
    const made = new LogGroup(this, `${name}-log`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#logGroups.set(name, made);
    return made;
  }
}
