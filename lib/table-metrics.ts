import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { TABLE } from '../functions/store/table.ts';
import type { DeployedTable } from './parley-table.ts';

export const THROTTLE_METRICS = ['ReadThrottleEvents', 'WriteThrottleEvents'] as const;
export const CAPACITY_METRICS = ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'] as const;

/** A metric of the table, and the same of each of its indexes, which the table's own does not include; five-minute sums. */
export function ofTableAndIndexes(
  { tableName }: DeployedTable,
  metricName: (typeof THROTTLE_METRICS | typeof CAPACITY_METRICS)[number],
): Metric[] {
  const sums = { namespace: 'AWS/DynamoDB', metricName, statistic: 'Sum', period: Duration.minutes(5) };
  const indexes = Object.keys(TABLE.indexes).map(
    (GlobalSecondaryIndexName) =>
      new Metric({ ...sums, dimensionsMap: { TableName: tableName, GlobalSecondaryIndexName } }),
  );
  return [new Metric({ ...sums, dimensionsMap: { TableName: tableName } }), ...indexes];
}
