import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Configuration } from './configuration.ts';

/** What holds people's data outlives its stack and is protected from deletion, unless the stack is ephemeral. */
export function dataLifetime({ ephemeral }: Configuration) {
  return {
    removalPolicy: ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    deletionProtection: !ephemeral,
  };
}

/** Logs are kept for a month and go with their stack. */
export const LOG_LIFETIME = { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY };
