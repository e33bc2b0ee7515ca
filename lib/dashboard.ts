import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Watched } from './alarms.ts';
import { CAPACITY_METRICS, ofTableAndIndexes, THROTTLE_METRICS } from './table-metrics.ts';

const WIDTH = 12;
const period = Duration.minutes(5);

/** One page: what is asked, how long it takes, what fails, what the model costs, what the table does. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { api, table, metricsNamespace: namespace }: Watched) {
    super(scope, id);
    const own = (metricName: string, statistic: string) =>
      new Metric({ namespace, metricName, statistic, period });
    const lambda = (metricName: string, statistic: string) =>
      new Metric({ namespace: 'AWS/Lambda', metricName, statistic, period });
    new CloudWatchDashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) }).addWidgets(
      graph('Requests by operation and status', [requests(namespace)]),
      graph('Time to answer, ms', [
        api.metricLatency({ statistic: 'p50', period, label: 'median' }),
        api.metricLatency({ statistic: 'p95', period, label: '95 %' }),
      ]),
      graph('Errors', [
        api.metricServerError({ statistic: 'Sum', period, label: '5xx' }),
        api.metricClientError({ statistic: 'Sum', period, label: '4xx' }),
        own('model_failures', 'Sum'),
      ]),
      graph('Time of the model, ms', [own('model_ms', 'p50'), own('model_ms', 'p95')]),
      graph('Tokens', [own('tokens_in', 'Sum'), own('tokens_cached', 'Sum'), own('tokens_out', 'Sum')]),
      graph('Concurrent executions and throttles of the account', [
        lambda('ConcurrentExecutions', 'Maximum'),
        lambda('Throttles', 'Sum'),
      ]),
      graph(
        'Capacity that the table used',
        CAPACITY_METRICS.flatMap((name) => ofTableAndIndexes(table, name)),
      ),
      graph(
        'Throttled reads and writes',
        THROTTLE_METRICS.flatMap((name) => ofTableAndIndexes(table, name)),
      ),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: WIDTH });
}

/** Every operation and status that there is, new ones too. */
function requests(namespace: string): MathExpression {
  return new MathExpression({
    expression: `SEARCH('{"${namespace}",operation,status} MetricName="requests"', 'Sum', 300)`,
    usingMetrics: {},
    label: '',
    period,
  });
}
