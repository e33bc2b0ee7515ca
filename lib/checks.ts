import { type App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { Construct } from 'constructs';

/** Makes every synthesis look for what AWS advises against; a finding that is not acknowledged ends it. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/** Says why a rule does not hold for one resource. @param rule as cdk-nag names it: `AwsSolutions-SMG4` */
export function acknowledge(resource: Construct, rule: string, reason: string): void {
  const [pack] = rule.split('-');
  Validations.of(resource).acknowledge({ id: `${pack}::${rule}`, reason });
}
