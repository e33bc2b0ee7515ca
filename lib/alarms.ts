import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './checks.ts';
import type { Configuration } from './configuration.ts';
import type { DeployedTable } from './parley-table.ts';
import { ofTableAndIndexes, THROTTLE_METRICS } from './table-metrics.ts';

/** What there is to watch. */
export interface Watched {
  readonly api: HttpApi;
  readonly table: DeployedTable;
  /** The user pool's trigger, where there is a pool. */
  readonly addClaims: IFunction | null;
  /** The functions that make answers: for who waits, and for who listens. */
  readonly worker: IFunction;
  readonly turnStream: IFunction;
  /** The function that streams what is made elsewhere. */
  readonly follow: IFunction;
  /** Where the functions' own metrics are. */
  readonly metricsNamespace: string;
}

interface AlarmProps {
  /** What a user feels. */
  readonly description: string;
  /** A sum over five minutes. */
  readonly sum: IMetric;
  readonly atLeast: number;
}

const period = Duration.minutes(5);
const statistic = 'Sum';

/** The alarms, each over a sum of five minutes; docs/operations.md says what to do about each. */
export class Alarms extends Construct {
  readonly #action: IAlarmAction | null;

  constructor(scope: Construct, id: string, watched: Watched & { configuration: Configuration }) {
    super(scope, id);
    const { api, table, addClaims, worker, turnStream, follow, configuration } = watched;
    const topic = this.#topic(configuration);
    this.#action = topic && new SnsAction(topic);
    this.#alarm('ServerErrors', {
      description: 'People see errors: five or more requests in five minutes ended with a 5xx.',
      sum: sumOf([api.metricServerError({ period, statistic }), ...[turnStream, follow].map(urlErrors)]),
      atLeast: 5,
    });
    this.#alarm('NoAnswers', {
      description: 'People ask and get no answer: the model failed three times or more in five minutes.',
      sum: new Metric({
        namespace: watched.metricsNamespace,
        metricName: 'model_failures',
        period,
        statistic,
      }),
      atLeast: 3,
    });
    this.#alarm('AnswersLost', {
      description: 'People wait for an answer that never comes: a function that makes answers died.',
      sum: sumOf([worker, turnStream].map((each) => each.metricErrors({ period, statistic }))),
      atLeast: 1,
    });
    this.#alarm('Throttled', {
      description:
        'People are turned away with a 503: the account’s concurrent executions are all in use, by this or by other functions.',
      sum: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', period, statistic }),
      atLeast: 1,
    });
    this.#alarm('TableThrottled', {
      description: 'Threads open and send slowly, or not at all: the table refuses reads or writes.',
      sum: throttleEvents(table),
      atLeast: 1,
    });
    if (addClaims) {
      this.#alarm('NoSignIn', {
        description: 'People cannot sign in: the trigger that completes their tokens fails.',
        sum: addClaims.metricErrors({ period, statistic }),
        atLeast: 1,
      });
    }
  }

  #alarm(name: string, { description, sum, atLeast }: AlarmProps): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: description,
      metric: sum,
      threshold: atLeast,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.#action) alarm.addAlarmAction(this.#action);
  }

  /** Where alarms go: a topic that is there, or a new one that writes e-mails, or nowhere. */
  #topic({ alarmTopicArn, alarmEmail }: Configuration): ITopic | null {
    if (alarmTopicArn !== null) return Topic.fromTopicArn(this, 'Topic', alarmTopicArn);
    if (alarmEmail === null) return null;
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    const subscription = topic.addSubscription(new EmailSubscription(alarmEmail));
    acknowledge(
      subscription,
      'Serverless-SNSRedrivePolicy',
      'An e-mail that cannot be delivered has nowhere else to go; the alarm itself stays to be seen.',
    );
    // A topic with a policy of its own loses the default one, by which CloudWatch may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    acknowledge(
      topic,
      'AwsSolutions-SNS2',
      'Alarms name operations and numbers, no user; CloudWatch cannot publish to a topic under the key that AWS manages, and a key of one’s own costs 1 USD a month.',
    );
    return topic;
  }
}

/** Of the table and of each index: DynamoDB counts them apart. */
function throttleEvents(table: DeployedTable): MathExpression {
  return sumOf(THROTTLE_METRICS.flatMap((name) => ofTableAndIndexes(table, name)));
}

/** What a function URL answers with a 5xx; a stream that has begun ends with an event instead, and is rejoined. */
function urlErrors({ functionName: FunctionName }: IFunction): Metric {
  const dimensionsMap = { FunctionName };
  return new Metric({ namespace: 'AWS/Lambda', metricName: 'Url5xxCount', dimensionsMap, period, statistic });
}

/** Only with FILL is there a sum where one of the metrics has no data. */
function sumOf(metrics: readonly IMetric[]): MathExpression {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  return new MathExpression({
    expression: named.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period,
  });
}
