import { AttributeType, Billing, type ITableV2, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { TABLE } from '../functions/store/table.ts';
import type { Configuration } from './configuration.ts';
import { dataLifetime } from './lifetime.ts';

/** What the rest of the stack must know of a table, whether the stack made it or not. */
export type DeployedTable = Pick<ITableV2, 'tableArn' | 'tableName'>;

/** The one table: on demand, recoverable to any second, and as a rule not to be deleted by mistake. */
export class ParleyTable extends Construct {
  readonly table: DeployedTable;

  constructor(scope: Construct, id: string, configuration: Configuration) {
    super(scope, id);
    const { tableName } = configuration;
    this.table =
      tableName === null ? this.#make(configuration) : TableV2.fromTableName(this, 'Given', tableName);
  }

  #make(configuration: Configuration): DeployedTable {
    return new TableV2(this, 'Table', {
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
        projectionType: ProjectionType.ALL,
      })),
    });
  }
}

function text(name: string) {
  return { name, type: AttributeType.STRING };
}
