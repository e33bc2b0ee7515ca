import type { Node } from 'constructs';
import { wordsOf } from '../functions/domain/words.ts';
import { TABLE_NAME_VARIABLE } from '../functions/store/table.ts';

/** What cdk.json's context says about a deployment. */
export interface Configuration {
  readonly jwtIssuer: string;
  readonly jwtAudience: readonly string[];
  /** Which claims of a token hold the brand, the roles and the companies. */
  readonly jwtBrandClaim: string;
  readonly jwtRolesClaim: string;
  readonly jwtCompaniesClaim: string;
  /** The models that a conversation may name. */
  readonly models: readonly string[];
  readonly defaultModel: string;
  readonly modelMaxTokens: number;
}

/** Reads the configuration. @throws Error that names what is missing or wrong in cdk.json's context */
export function configurationOf(node: Node): Configuration {
  const configuration = {
    jwtIssuer: text(node, 'jwtIssuer'),
    jwtAudience: texts(node, 'jwtAudience'),
    jwtBrandClaim: text(node, 'jwtBrandClaim'),
    jwtRolesClaim: text(node, 'jwtRolesClaim'),
    jwtCompaniesClaim: text(node, 'jwtCompaniesClaim'),
    models: texts(node, 'models'),
    defaultModel: text(node, 'defaultModel'),
    modelMaxTokens: Number(node.tryGetContext('modelMaxTokens')),
  };
  const { models, defaultModel, modelMaxTokens } = configuration;
  if (!models.includes(defaultModel)) throw wrong('defaultModel', 'one of models');
  if (!Number.isInteger(modelMaxTokens) || modelMaxTokens < 1)
    throw wrong('modelMaxTokens', 'a positive integer');
  return configuration;
}

/** The same, as the functions read it from their environment. */
export function environmentOf(configuration: Configuration, tableName: string): Record<string, string> {
  return {
    [TABLE_NAME_VARIABLE]: tableName,
    JWT_ISSUER: configuration.jwtIssuer,
    JWT_AUDIENCE: configuration.jwtAudience.join(' '),
    JWT_BRAND_CLAIM: configuration.jwtBrandClaim,
    JWT_ROLES_CLAIM: configuration.jwtRolesClaim,
    JWT_COMPANIES_CLAIM: configuration.jwtCompaniesClaim,
    MODELS: configuration.models.join(' '),
    DEFAULT_MODEL: configuration.defaultModel,
    MODEL_MAX_TOKENS: String(configuration.modelMaxTokens),
  };
}

function text(node: Node, name: string): string {
  const value: unknown = node.tryGetContext(name);
  if (typeof value !== 'string' || value === '') throw wrong(name, 'a text');
  return value;
}

/** A list, or on the command line (`-c models="a b"`) a text. */
function texts(node: Node, name: string): string[] {
  const value: unknown = node.tryGetContext(name);
  const list: unknown[] = typeof value === 'string' ? wordsOf(value) : Array.isArray(value) ? value : [];
  const found = list.filter((each) => typeof each === 'string').filter((each) => each !== '');
  if (found.length === 0) throw wrong(name, 'a list of texts');
  return found;
}

function wrong(name: string, wanted: string): Error {
  return new Error(`The context value ${name} must be ${wanted}: set it in cdk.json`);
}
