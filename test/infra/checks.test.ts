import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { addChecks } from '../../lib/checks.ts';
import { appWith } from '../support/stack.ts';

const claudeOnAws = { modelProvider: 'claude-on-aws', modelWorkspace: 'wrkspc_01AbCdEf23GhIj' };
const jwt = { jwtIssuer: 'https://issuer.example.com/', jwtAudience: ['parley'] };

describe('what AWS advises against', () => {
  test.each([
    {},
    jwt,
    claudeOnAws,
    { alarmEmail: 'a@example.com' },
    { ephemeral: true },
    { corsOrigins: ['*'] },
  ])('is not in the stack with %j, or acknowledged with a reason', (overrides) => {
    const { app } = appWith(overrides);
    addChecks(app);
    expect(() => app.synth()).not.toThrow();
  });

  test('ends the synthesis where it is found', () => {
    const { app, stack } = appWith();
    addChecks(app);
    new Topic(stack, 'Careless');
    expect(() => app.synth()).toThrow();
  });
});
