import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { JwtConfiguration } from '../../functions/http/verify-jwt.ts';
import { TABLE_NAME_VARIABLE } from '../../functions/store/table.ts';
import { TITLE_BUNDLE, WORKER_BUNDLE } from '../bundle-names.ts';
import { TITLE_VARIABLE, WORKER_VARIABLE } from '../function-environment.ts';
import { LOCAL_REGION } from './database-key.ts';
import { LOCAL_MODEL_KEY_SECRET, LOCAL_TOOL_SECRET } from './secret-store.ts';

export const LOCAL_TABLE = 'parley';

/** Opens a database of which nothing is kept. */
export const ANY_ACCESS_KEY = 'local';

/** The credentials that open a local database, which looks at no signature. */
export function localCredentials(accessKeyId: string) {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: LOCAL_REGION };
}

/**
 * How this process reaches a database.
 *
 * @param accessKeyId what opens it; null for a database of the developer's own, which his credentials open
 */
export function localDatabase(
  databaseUrl: string,
  accessKeyId: string | null = ANY_ACCESS_KEY,
): DynamoDBClientConfig {
  if (accessKeyId === null) return { endpoint: databaseUrl };
  const { AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region } = localCredentials(accessKeyId);
  return { endpoint: databaseUrl, region, credentials: { accessKeyId, secretAccessKey } };
}

/** Whether there is a model, or another stand-in, to ask. */
export function hasModel(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env.ANTHROPIC_API_KEY || env.ANTHROPIC_BASE_URL);
}

/** The key with which the model is asked; a stand-in takes any. */
export function localModelKey(env: NodeJS.ProcessEnv = process.env): string {
  return env.ANTHROPIC_API_KEY || 'stand-in';
}

/** Where local functions find what is on this machine. */
export interface LocalServers {
  readonly databaseUrl: string;
  /** What opens the database; null for the developer's own. */
  readonly accessKeyId: string | null;
  readonly secretsUrl: string;
  /** Lambda's Invoke API. */
  readonly invokeUrl: string;
  /** The gateway, as clients see it. */
  readonly apiUrl: string;
  /** Null where the model is the real one, or one that the environment names. */
  readonly modelUrl: string | null;
}

/**
 * What local functions are given in place of what the stack gives deployed ones; the rest of the environment reaches
 * them as it is, names of claims and models among it. The model's key is a secret, here as there; a workspace is nothing
 * to functions whose credentials are those of a local database.
 */
export function localEnvironment(
  jwt: JwtConfiguration,
  { databaseUrl, accessKeyId, secretsUrl, invokeUrl, apiUrl, modelUrl }: LocalServers,
  { ANTHROPIC_API_KEY: _secret, MODEL_WORKSPACE: _workspace, ...env }: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...env,
    ...(accessKeyId !== null && localCredentials(accessKeyId)),
    AWS_ENDPOINT_URL_DYNAMODB: databaseUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
    AWS_ENDPOINT_URL_LAMBDA: invokeUrl,
    [WORKER_VARIABLE]: WORKER_BUNDLE,
    [TITLE_VARIABLE]: TITLE_BUNDLE,
    API_URL: apiUrl,
    [TABLE_NAME_VARIABLE]: LOCAL_TABLE,
    MODEL_KEY_SECRET: LOCAL_MODEL_KEY_SECRET,
    TOOL_SIGNING_SECRET: LOCAL_TOOL_SECRET,
    JWT_ISSUER: jwt.issuer,
    JWT_AUDIENCE: jwt.audience.join(' '),
    JWT_JWKS: jwt.jwks ? JSON.stringify(jwt.jwks) : '',
    ...(modelUrl !== null && { ANTHROPIC_BASE_URL: modelUrl }),
  };
}
