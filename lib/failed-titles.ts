import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './checks.ts';

/** The dead-letter queue of the function that writes titles. Nothing in it is urgent: threads keep their first words. */
export function failedTitles(scope: Construct): Queue {
  const queue = new Queue(scope, 'FailedTitles', { enforceSSL: true, retentionPeriod: Duration.days(14) });
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'])
    acknowledge(queue, rule, 'It is a dead-letter queue itself.');
  return queue;
}
