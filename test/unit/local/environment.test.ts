import { expect, test } from 'vitest';
import { localEnvironment } from '../../../lib/local/environment.ts';

test('functions on this machine ask the model with a key from the secret store, whatever the environment has', () => {
  const servers = {
    databaseUrl: '',
    accessKeyId: 'local',
    secretsUrl: '',
    invokeUrl: '',
    apiUrl: '',
    modelUrl: null,
  };
  const given = { MODEL_WORKSPACE: 'wrkspc_01AbCdEf23GhIj', ANTHROPIC_API_KEY: 'secret', MODELS: 'claude-x' };
  const environment = localEnvironment({ issuer: '', audience: [] }, servers, given);
  expect(environment).toMatchObject({ MODEL_KEY_SECRET: 'model-key', MODELS: 'claude-x' });
  expect(environment).not.toHaveProperty('MODEL_WORKSPACE');
  expect(environment).not.toHaveProperty('ANTHROPIC_API_KEY');
});
