import { TABLE_NAME_VARIABLE } from '../functions/store/table.ts';
import type { Configuration } from './configuration.ts';

/** What the stack has made, as far as functions must know it. */
interface Made {
  readonly tableName: string;
  /** Where the API is. */
  readonly apiUrl: string;
  /** How the model lets functions in. */
  readonly modelAccess: Readonly<Record<string, string>>;
  /** The ARN of the secret from which keys for signing calls of tools are made. */
  readonly toolSigningSecret: string;
  readonly jwt: NonNullable<Configuration['jwt']>;
  /** The CloudWatch namespace of the deployment's metrics. */
  readonly metricsNamespace: string;
}

/** The configuration as functions read it from their environment. No secret is in it. */
export function environmentOf(
  configuration: Configuration,
  { tableName, apiUrl, modelAccess, toolSigningSecret, jwt, metricsNamespace }: Made,
): Record<string, string> {
  return {
    ...claimsEnvironment(configuration),
    [TABLE_NAME_VARIABLE]: tableName,
    API_URL: apiUrl,
    JWT_ISSUER: jwt.issuer,
    JWT_AUDIENCE: jwt.audience.join(' '),
    MODELS: configuration.models.join(' '),
    DEFAULT_MODEL: configuration.defaultModel,
    TITLE_MODEL: configuration.titleModel,
    MODEL_PRICES: JSON.stringify(configuration.modelPrices),
    MODEL_MAX_TOKENS: String(configuration.modelMaxTokens),
    MODEL_SILENCE_MS: String(configuration.modelSilenceMs),
    EFFORT: configuration.effort,
    THINKING_DISPLAY: configuration.thinkingDisplay,
    ...(configuration.refusalText !== null && { REFUSAL_TEXT: configuration.refusalText }),
    MODEL_CONTEXT_TOKENS: String(configuration.modelContextTokens),
    ...modelAccess,
    TURN_LEASE_MS: String(configuration.turnLeaseMs),
    ...(configuration.tokenBudget !== null && { TOKEN_BUDGET: String(configuration.tokenBudget) }),
    ...(configuration.tokenBudgetPerUser !== null && {
      TOKEN_BUDGET_PER_USER: String(configuration.tokenBudgetPerUser),
    }),
    TOOL_SIGNING_SECRET: toolSigningSecret,
    METRICS_NAMESPACE: metricsNamespace,
    ...(configuration.local && LOCAL_ONLY),
  };
}

/** The names of the claims alone: all that the user pool's trigger needs, which is made before the rest. */
export function claimsEnvironment({
  jwtBrandClaim,
  jwtRolesClaim,
  jwtCompaniesClaim,
}: Configuration): Record<string, string> {
  return {
    JWT_BRAND_CLAIM: jwtBrandClaim,
    JWT_ROLES_CLAIM: jwtRolesClaim,
    JWT_COMPANIES_CLAIM: jwtCompaniesClaim,
  };
}

/** The environment variables that tell a function which function makes answers, and which writes titles. */
export const WORKER_VARIABLE = 'MAKE_ANSWER_FUNCTION';
export const TITLE_VARIABLE = 'WRITE_TITLE_FUNCTION';

/** `sam local` sets only what a template declares, so a local template declares what points to this machine. */
const LOCAL_ONLY = {
  AWS_ENDPOINT_URL_DYNAMODB: '',
  AWS_ENDPOINT_URL_LAMBDA: '',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
  ANTHROPIC_BASE_URL: '',
  JWT_JWKS: '',
};
