import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib/core';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { AnyEndpoint, TableAccess } from '../functions/http/endpoint.ts';
import type { StreamFunction } from '../functions/http/stream-endpoint.ts';
import { ANSWER_ACCESS, TURN_ACCESS } from '../functions/turns/access.ts';
import { AUTHORIZER_BUNDLE, bundleName, CLAIMS_BUNDLE, WORKER_BUNDLE } from './bundle-names.ts';
import { acknowledge } from './checks.ts';
import type { Configuration } from './configuration.ts';
import { LOG_LIFETIME } from './lifetime.ts';
import type { DeployedTable } from './parley-table.ts';
import {
  AUTHORIZER_TIMEOUT_MS,
  CLAIMS_TIMEOUT_MS,
  functionTimeoutMs,
  streamTimeoutMs,
  WORKER_TIMEOUT_MS,
} from './time-limits.ts';

type Environment = Record<string, string>;

interface FunctionsProps {
  readonly table: DeployedTable;
  readonly modelKey: CfnSecret;
  readonly toolSigning: CfnSecret;
  readonly architecture: Configuration['architecture'];
  /** Where the bundles are. */
  readonly bundles: string;
}

interface FunctionProps {
  readonly name: string;
  readonly description: string;
  readonly logGroup: string;
  readonly statements: readonly PolicyStatement[];
  readonly timeoutMs: number;
  readonly memorySize?: number;
  readonly environment: Environment;
}

/** With it comes CPU: less would make cold starts slower than it makes anything cheaper. */
const MEMORY_MB = 1_024;
/** Whoever follows waits, mostly, and an open connection is paid by the millisecond. */
const FOLLOWER_MEMORY_MB = 256;

const ARCHITECTURES = { arm64: Architecture.ARM_64, x86_64: Architecture.X86_64 };

/** A function for every operation, each allowed exactly what it declares; one log group for each public API. */
export class Functions extends Construct {
  readonly #props: FunctionsProps;
  readonly #logGroups = new Map<string, LogGroup>();
  #worker: LambdaFunction | undefined;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.#props = props;
  }

  /** The function of an operation. */
  operation(endpoint: AnyEndpoint, environment: Environment): LambdaFunction {
    const { access, startsTurns } = endpoint;
    return this.#add({
      name: bundleName(endpoint),
      description: `${endpoint.method} ${endpoint.path}`,
      logGroup: endpoint.api.name,
      statements: [...this.#tableStatements(access), ...(startsTurns ? [this.#workerStatement()] : [])],
      timeoutMs: functionTimeoutMs(endpoint),
      environment,
    });
  }

  /** The function that makes answers. It must be made before those that invoke it. */
  worker(environment: Environment): LambdaFunction {
    this.#worker = this.#add({
      name: WORKER_BUNDLE,
      description: 'Makes an answer of the assistant',
      logGroup: 'worker',
      statements: [...this.#tableStatements(ANSWER_ACCESS), this.#secretsStatement()],
      timeoutMs: WORKER_TIMEOUT_MS,
      environment,
    });
    return this.#worker;
  }

  /** A function that streams: it checks credentials itself, and one of the two makes answers. */
  stream(name: StreamFunction, environment: Environment): LambdaFunction {
    const makesAnswers = name === 'turn-stream';
    return this.#add({
      name,
      description: makesAnswers ? 'Streams an answer while it makes it' : 'Streams what is made elsewhere',
      logGroup: 'streams',
      statements: [
        ...this.#tableStatements(makesAnswers ? ANSWER_ACCESS : TURN_ACCESS),
        ...(makesAnswers ? [this.#secretsStatement()] : []),
      ],
      timeoutMs: streamTimeoutMs(name),
      memorySize: makesAnswers ? MEMORY_MB : FOLLOWER_MEMORY_MB,
      environment,
    });
  }

  /** The Lambda authorizer of API keys. */
  authorizer(environment: Environment): LambdaFunction {
    return this.#add({
      name: AUTHORIZER_BUNDLE,
      description: 'Authorizes API keys',
      logGroup: 'authorizer',
      statements: this.#tableStatements({ table: ['GetItem'], indexes: [] }),
      timeoutMs: AUTHORIZER_TIMEOUT_MS,
      environment,
    });
  }

  /** The user pool's trigger that puts claims into access tokens. */
  claimsTrigger(environment: Environment): LambdaFunction {
    return this.#add({
      name: CLAIMS_BUNDLE,
      description: 'Puts brand, roles and companies into access tokens',
      logGroup: 'authorizer',
      statements: [],
      timeoutMs: CLAIMS_TIMEOUT_MS,
      environment,
    });
  }

  #add(props: FunctionProps): LambdaFunction {
    const { name, description, logGroup, statements, timeoutMs, memorySize = MEMORY_MB, environment } = props;
    const logs = this.#logGroup(logGroup);
    const made = new LambdaFunction(this, name, {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: ARCHITECTURES[this.#props.architecture],
      memorySize,
      timeout: Duration.millis(timeoutMs),
      handler: 'index.handler',
      code: Code.fromAsset(join(this.#props.bundles, name)),
      environment,
      logGroup: logs,
      // One line a request, our own: Lambda's START, END and REPORT would be three more. What goes wrong it still says.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      role: this.#role(name, statements, logs),
    });
    acknowledge(
      made,
      'Serverless-LambdaDLQ',
      'It is invoked synchronously: who calls sees the failure, and no event waits.',
    );
    acknowledge(
      made,
      'Serverless-LambdaTracing',
      'Traces cost 5 USD a million requests, more than all else here; the log line and the metrics have the durations.',
    );
    return made;
  }

  /** Policies stand in the role itself: a policy of its own for every function would double the resources. */
  #role(name: string, statements: readonly PolicyStatement[], logs: LogGroup): Role {
    const write = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    });
    return new Role(this, `${name}-role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        function: new PolicyDocument({ statements: [write, ...statements] }),
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

  #workerStatement(): PolicyStatement {
    if (!this.#worker) throw new Error('The worker is made first');
    return new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.#worker.functionArn],
    });
  }

  #secretsStatement(): PolicyStatement {
    const { modelKey, toolSigning } = this.#props;
    return new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [modelKey.ref, toolSigning.ref],
    });
  }

  #logGroup(name: string): LogGroup {
    const existing = this.#logGroups.get(name);
    if (existing) return existing;
    const made = new LogGroup(this, `${name}-log`, LOG_LIFETIME);
    this.#logGroups.set(name, made);
    return made;
  }
}
