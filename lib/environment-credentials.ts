/**
 * Stands in for the chains that look for credentials in the bundles, the AWS SDK's and the one that Anthropic's SDK for AWS
 * loads (core/auth.mjs): Lambda gives credentials in the environment.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
};

export { defaultProvider as fromEnv, defaultProvider as fromNodeProviderChain };

/** Of providers that are all the same, the first. */
export const createCredentialChain = <T>(first: T): T => first;
