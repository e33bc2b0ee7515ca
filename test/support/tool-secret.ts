import type { Context as LambdaContext } from 'aws-lambda';
import { afterAll } from 'vitest';
import { contextOf } from '../../functions/http/context.ts';
import { LOCAL_TOOL_SECRET } from '../../lib/local/secret-store.ts';
import { startScriptedSecret } from './scripted-secret.ts';

/** The context of an invocation that has a minute left. */
export const callContext = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {});

/** Makes the secret for tools readable in this process, from a store of its own. */
export async function startToolSecret(): Promise<void> {
  const secret = await startScriptedSecret();
  afterAll(secret.close);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secret.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    TOOL_SIGNING_SECRET: LOCAL_TOOL_SECRET,
  });
}
