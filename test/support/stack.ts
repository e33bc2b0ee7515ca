import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { inject } from 'vitest';
import { ParleyStack } from '../../lib/parley-stack.ts';

/** What is set on top of cdk.json's context, as `-c name=value` does. */
export type Context = Readonly<Record<string, unknown>>;

/** The context of cdk.json. */
const context = (
  JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as { context: Context }
).context;

// A template is JSON of CloudFormation's making; the tests say what they expect of it.
// oxlint-disable-next-line typescript/no-explicit-any
export type Resource = { Type: string; Properties: any; DeletionPolicy?: string };

/** An app with the stack in it, not synthesized yet. */
export function appWith(overrides: Context = {}): { app: App; stack: ParleyStack } {
  // The bundles are what they are; copying them for every template would take most of the time.
  const fast = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true };
  const app = new App({ context: { ...context, ...overrides, ...fast } });
  return { app, stack: new ParleyStack(app, 'Parley', { bundles: inject('bundles') }) };
}

const stacks = new Map<string, ReturnType<typeof synthesize>>();

/** The template, and a way to look into it: of the same overrides the same one, which is synthesized once. */
export function stackWith(overrides: Context = {}): ReturnType<typeof synthesize> {
  const key = JSON.stringify(overrides);
  const stack = stacks.get(key) ?? synthesize(overrides);
  stacks.set(key, stack);
  return stack;
}

function synthesize(overrides: Context) {
  const template = Template.fromStack(appWith(overrides).stack);
  const { Resources, Outputs } = template.toJSON() as {
    Resources: Record<string, Resource>;
    Outputs: Record<string, { Value: unknown }>;
  };
  const all = (type: string): Record<string, Resource> =>
    Object.fromEntries(Object.entries(Resources).filter(([, resource]) => resource.Type === type));
  const properties = (type: string): Resource['Properties'][] =>
    Object.values(all(type)).map(({ Properties }) => Properties ?? {});
  return {
    resources: Resources,
    outputs: Outputs,
    all,
    properties,
    /** The properties of the one resource of this type. */
    only: (type: string): Resource['Properties'] => {
      const found = properties(type);
      if (found.length !== 1) throw new Error(`There are ${found.length} resources of ${type}`);
      return found[0];
    },
  };
}

/** The logical id that `Fn::GetAtt` refers to. */
export const logicalId = (reference: { 'Fn::GetAtt': [string, string] }): string =>
  reference['Fn::GetAtt'][0];

export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What a role allows. */
export const statementsOf = (role: Resource['Properties']): Statement[] =>
  role.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
