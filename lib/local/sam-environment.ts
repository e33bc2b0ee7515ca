import { localCredentials } from './environment.ts';

/**
 * sam gives functions no credentials of the environment file, but those that botocore finds for sam itself
 * (samcli/commands/local/lib/local_lambda.py, get_aws_creds), and its region: environment variables come before profiles.
 */
export function samEnvironment(accessKeyId: string | null): NodeJS.ProcessEnv {
  const { ANTHROPIC_API_KEY: _key, ...env } = process.env;
  if (accessKeyId === null) return env;
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...others } = env;
  const credentials = localCredentials(accessKeyId);
  return { ...others, ...credentials, AWS_DEFAULT_REGION: credentials.AWS_REGION };
}
