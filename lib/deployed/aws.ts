import { Fault } from '../command/fault.ts';

/** What AWS's clients say when the person at the keyboard has to do something, by the error's name. */
const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'There are no AWS credentials: set AWS_PROFILE, or run aws configure',
  ExpiredToken: 'The AWS credentials have expired: sign in again',
  ExpiredTokenException: 'The AWS credentials have expired: sign in again',
  InvalidClientTokenId: 'AWS does not know these credentials',
  UnrecognizedClientException: 'AWS does not know these credentials',
};

/**
 * Does something with the AWS account of whoever calls.
 *
 * @throws Fault in place of what AWS answers: one line, and what to do about it where that is known
 */
export async function onAws<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error)) throw error;
    // "Region is missing", or "Region not accepted" where it is empty or none.
    if (error.message.startsWith('Region '))
      throw new Fault('There is no such AWS region, or none at all: set AWS_REGION', { cause: error });
    const advice = ADVICE[error.name];
    if (!advice && !('$metadata' in error)) throw error;
    throw new Fault(advice ?? `AWS: ${error.message} (${error.name})`, { cause: error });
  }
}
