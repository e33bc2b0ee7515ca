import { join } from 'node:path';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type AnyEndpoint, invokesWorker } from '../functions/http/endpoint.ts';
import type { StreamFunction } from '../functions/http/stream-endpoint.ts';
import { TITLE_ACCESS } from '../functions/titles/access.ts';
import { ANSWER_ACCESS, TURN_ACCESS } from '../functions/turns/access.ts';
import { AUTHORIZER_BUNDLE, bundleName, CLAIMS_BUNDLE, TITLE_BUNDLE, WORKER_BUNDLE } from './bundle-names.ts';
import { acknowledge } from './checks.ts';
import type { Configuration } from './configuration.ts';
import { failedTitles } from './failed-titles.ts';
import { FOLLOWER_MEMORY_MB, MEMORY_MB } from './function-memory.ts';
import { LOG_LIFETIME } from './lifetime.ts';
import type { ModelAccess } from './model-access.ts';
import type { DeployedTable } from './parley-table.ts';
import { invokeStatement, sendStatement, tableStatements } from './permissions.ts';
import {
  AUTHORIZER_TIMEOUT_MS,
  CLAIMS_TIMEOUT_MS,
  functionTimeoutMs,
  streamTimeoutMs,
  TITLE_TIMEOUT_MS,
  WORKER_TIMEOUT_MS,
} from './time-limits.ts';

type Environment = Record<string, string>;

interface FunctionsProps {
  readonly table: DeployedTable;
  readonly model: ModelAccess;
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
  /** For what Lambda queues; without it a function is invoked by who waits for it. */
  readonly queued?: Pick<FunctionOptions, 'retryAttempts' | 'maxEventAge' | 'deadLetterQueue'>;
}

const ARCHITECTURES = { arm64: Architecture.ARM_64, x86_64: Architecture.X86_64 };

/** A function for every operation, each allowed exactly what it declares; one log group for each public API. */
export class Functions extends Construct {
  readonly #props: FunctionsProps;
  readonly #logGroups = new Map<string, LogGroup>();
  #worker: LambdaFunction | undefined;
  #titleWriter: LambdaFunction | undefined;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.#props = props;
  }

  /** The function of an operation. */
  operation(endpoint: AnyEndpoint, environment: Environment): LambdaFunction {
    const { access } = endpoint;
    const { table } = this.#props;
    return this.#add({
      name: bundleName(endpoint),
      description: `${endpoint.method} ${endpoint.path}`,
      logGroup: endpoint.api.name,
      statements: [
        ...tableStatements(table, access),
        ...(invokesWorker(endpoint) ? [invokeStatement(madeBefore(this.#worker))] : []),
      ],
      timeoutMs: functionTimeoutMs(endpoint),
      environment,
    });
  }

  /**
   * The function that makes answers. It must be made before those that invoke it. What is queued for it is to settle a
   * dead turn, which the next reader asks for once more.
   */
  worker(environment: Environment): LambdaFunction {
    this.#worker = this.#add({
      name: WORKER_BUNDLE,
      description: 'Makes an answer of the assistant',
      logGroup: 'worker',
      statements: this.#answerStatements(),
      timeoutMs: WORKER_TIMEOUT_MS,
      environment,
      queued: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    });
    return this.#worker;
  }

  /** The function that writes titles, for who makes answers: these are made after it. */
  titleWriter(environment: Environment): LambdaFunction {
    const { table, model } = this.#props;
    const deadLetterQueue = failedTitles(this);
    this.#titleWriter = this.#add({
      name: TITLE_BUNDLE,
      description: 'Writes the title of a thread that has none',
      logGroup: 'worker',
      statements: [
        ...tableStatements(table, TITLE_ACCESS),
        ...model.allow([]),
        sendStatement(deadLetterQueue),
      ],
      timeoutMs: TITLE_TIMEOUT_MS,
      environment,
      queued: { retryAttempts: 1, maxEventAge: Duration.minutes(15), deadLetterQueue },
    });
    return this.#titleWriter;
  }

  /** A function that streams: it checks credentials itself, and one of the two makes answers. */
  stream(name: StreamFunction, environment: Environment): LambdaFunction {
    const makesAnswers = name === 'turn-stream';
    return this.#add({
      name,
      description: makesAnswers ? 'Streams an answer while it makes it' : 'Streams what is made elsewhere',
      logGroup: 'streams',
      statements: makesAnswers ? this.#answerStatements() : tableStatements(this.#props.table, TURN_ACCESS),
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
      statements: tableStatements(this.#props.table, { table: ['GetItem'], indexes: [] }),
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

  /** What who makes answers is allowed. */
  #answerStatements(): PolicyStatement[] {
    const { table, model, toolSigning } = this.#props;
    const titleWriter = madeBefore(this.#titleWriter);
    return [
      ...tableStatements(table, ANSWER_ACCESS),
      ...model.allow([toolSigning]),
      invokeStatement(titleWriter),
    ];
  }

  #add(props: FunctionProps): LambdaFunction {
    const { name, description, logGroup, timeoutMs, environment, queued, memorySize = MEMORY_MB } = props;
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
      role: this.#role(props, logs),
      ...queued,
    });
    if (queued)
      acknowledge(
        made,
        'Serverless-LambdaAsyncFailureDestination',
        'The log says why it failed; the event is in the dead-letter queue, or the next reader asks for it again.',
      );
    if (!queued?.deadLetterQueue)
      acknowledge(
        made,
        'Serverless-LambdaDLQ',
        'Who calls it sees the failure; what is queued for the worker is asked for again by the next reader.',
      );
    acknowledge(
      made,
      'Serverless-LambdaTracing',
      'Traces cost 5 USD a million requests, more than all else here; the log line and the metrics have the durations.',
    );
    return made;
  }

  /**
   * Policies stand in the role itself: a policy of its own for every function would double the resources. What CDK
   * would add stands there, too.
   */
  #role({ name, statements }: FunctionProps, logs: LogGroup): IRole {
    const write = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    });
    const role = new Role(this, `${name}-role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        function: new PolicyDocument({ statements: [write, ...statements] }),
      },
    });
    this.#props.model.explain(role, statements);
    return role.withoutPolicyUpdates();
  }

  #logGroup(name: string): LogGroup {
    const made = this.#logGroups.get(name) ?? new LogGroup(this, `${name}-log`, LOG_LIFETIME);
    this.#logGroups.set(name, made);
    return made;
  }
}

function madeBefore(made: LambdaFunction | undefined): LambdaFunction {
  if (!made) throw new Error('It is made before what invokes it');
  return made;
}
