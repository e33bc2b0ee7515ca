import { describe, expect, test } from 'vitest';
import { logicalId, type Resource, stackWith, statementsOf } from '../support/stack.ts';

const WORKSPACE = 'wrkspc_01AbCdEf23GhIj';
const byKey = stackWith();
const byRole = stackWith({ modelProvider: 'claude-on-aws', modelWorkspace: WORKSPACE });

type Stack = typeof byKey;
type Function = { name: string; variables: Record<string, unknown>; statements: unknown[] };

/** The stack's functions with what they are told and allowed. */
function functionsOf({ all }: Stack): Function[] {
  const roles = all('AWS::IAM::Role');
  return Object.entries(all('AWS::Lambda::Function')).map(([name, { Properties }]) => ({
    name,
    variables: Properties.Environment?.Variables ?? {},
    statements: statementsOf((roles[logicalId(Properties.Role)] as Resource).Properties),
  }));
}

/** Those that ask the model, by the beginnings of their logical ids. */
const ASKING = /^Functions(?:makeanswer|turnstream|writetitle)/u;
const WAYS = /secretsmanager:|aws-external-anthropic:|sts:/u;
const waysOf = ({ statements }: Function) =>
  statements.filter((statement) => WAYS.test(JSON.stringify(statement)));

const reads = (...ids: string[]) => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: ids.length === 1 ? { Ref: ids[0] } : ids.map((id) => ({ Ref: id })),
});

// As "IAM actions for Claude Platform on AWS" writes the ARN, and AWS's policy AnthropicInferenceAccess what STS is asked.
const ASKS = [
  {
    Effect: 'Allow',
    Action: 'aws-external-anthropic:CreateInference',
    Resource: {
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':aws-external-anthropic:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          `:workspace/${WORKSPACE}`,
        ],
      ],
    },
  },
  {
    Effect: 'Allow',
    Action: 'sts:GetWebIdentityToken',
    Resource: '*',
    Condition: {
      'ForAnyValue:StringEquals': {
        'sts:IdentityTokenAudience': ['https://api.anthropic.com', 'https://platform.claude.com'],
      },
      StringEquals: { 'aws:CalledViaLast': 'aws-external-anthropic.amazonaws.com' },
    },
  },
  { Effect: 'Allow', Action: 'sts:TagGetWebIdentityToken', Resource: '*' },
];

const secretNamed = ({ all }: Stack, start: string) =>
  Object.keys(all('AWS::SecretsManager::Secret')).find((id) => id.startsWith(start)) ?? 'none';
const [modelKey, keySigning] = [secretNamed(byKey, 'ModelKey'), secretNamed(byKey, 'ToolSigning')];
const roleSigning = secretNamed(byRole, 'ToolSigning');

describe.each([
  {
    provider: 'anthropic',
    stack: byKey,
    answering: [reads(modelKey, keySigning)],
    titling: [reads(modelKey)],
    told: { MODEL_KEY_SECRET: { Ref: modelKey } },
    secrets: [modelKey, keySigning],
    output: { Ref: modelKey },
  },
  {
    provider: 'claude-on-aws',
    stack: byRole,
    answering: [reads(roleSigning), ...ASKS],
    titling: ASKS,
    told: { MODEL_WORKSPACE: WORKSPACE },
    secrets: [roleSigning],
    output: undefined,
  },
])('with $provider', ({ stack, answering, titling, told, secrets, output }) => {
  test('who asks the model may ask it in this way, and in no other', () => {
    const asking = functionsOf(stack).filter(({ name }) => ASKING.test(name));
    expect(asking).toHaveLength(3);
    for (const each of asking)
      expect(waysOf(each), each.name).toEqual(each.name.includes('writetitle') ? titling : answering);
  });

  test('nobody else may, and no resource of anything else is a wildcard', () => {
    for (const each of functionsOf(stack)) {
      if (!ASKING.test(each.name)) expect(waysOf(each), each.name).toEqual([]);
      const others = each.statements.filter((statement) => !JSON.stringify(statement).includes('"sts:'));
      expect(JSON.stringify(others), each.name).not.toContain('*');
    }
  });

  test('functions are told this way alone, and there is no secret more than it needs', () => {
    const ways = functionsOf(stack)
      .map(({ variables }) => variables)
      .filter((variables) => 'MODELS' in variables)
      .map(({ MODEL_KEY_SECRET, MODEL_WORKSPACE }) => ({ MODEL_KEY_SECRET, MODEL_WORKSPACE }));
    expect(ways.length).toBeGreaterThan(10);
    for (const way of ways) expect(way).toEqual({ ...NEITHER, ...told });
    expect(Object.keys(stack.all('AWS::SecretsManager::Secret'))).toEqual(secrets);
    expect(stack.outputs.ModelKeySecret?.Value).toEqual(output);
  });
});

const NEITHER = { MODEL_KEY_SECRET: undefined, MODEL_WORKSPACE: undefined };

test('a template for sam local asks with a key, whatever is deployed', () => {
  const local = stackWith({ local: 'true', modelProvider: 'claude-on-aws', modelWorkspace: WORKSPACE });
  const told = functionsOf(local).filter(({ variables }) => 'MODELS' in variables);
  expect(told.length).toBeGreaterThan(10);
  for (const { variables } of told) {
    expect(variables).toHaveProperty('MODEL_KEY_SECRET');
    expect(variables).not.toHaveProperty('MODEL_WORKSPACE');
  }
});
