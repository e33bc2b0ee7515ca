import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Fault } from '../command/fault.ts';

/** Set where the database is not ours but the developer's own. */
export function givenDatabase(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.AWS_ENDPOINT_URL_DYNAMODB || undefined;
}

/** What a database of the developer's own needs besides. */
export const NEEDED =
  'Besides AWS_ENDPOINT_URL_DYNAMODB set AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/** @throws Fault where a database of the developer's own is given, and not what opens it: functions know no profiles */
export async function checkGivenDatabase(
  {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...env
  }: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (!givenDatabase(env)) return;
  try {
    await new DynamoDBClient({}).config.region();
  } catch (cause) {
    throw new Fault(NEEDED, { cause });
  }
  if (!accessKeyId || !secretAccessKey) throw new Fault(NEEDED);
}
