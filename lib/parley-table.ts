import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { TABLE } from '../functions/store/table.ts';
import type { Configuration } from './configuration.ts';
import { dataLifetime } from './lifetime.ts';

/** The one table: on demand, recoverable to any second, and as a rule not to be deleted by mistake. */
export class ParleyTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, configuration: Configuration) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: text(TABLE.partitionKey),
      sortKey: text(TABLE.sortKey),
      billing: Billing.onDemand(),
      timeToLiveAttribute: TABLE.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...dataLifetime(configuration),
      globalSecondaryIndexes: Object.entries(TABLE.indexes).map(([indexName, index]) => ({
        indexName,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.attributes],
      })),
    });
  }
}

function text(name: string) {
  return { name, type: AttributeType.STRING };
}
