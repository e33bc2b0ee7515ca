import type { Node } from 'constructs';
import { PRICES_FORM, pricesIn } from '../functions/domain/prices.ts';
import {
  EFFORTS,
  type Effort,
  THINKING_DISPLAYS,
  type ThinkingDisplay,
} from '../functions/domain/thinking.ts';
import { wordsOf } from '../functions/domain/words.ts';

/** What cdk.json's context says about a deployment. */
export interface Configuration {
  /** Whose tokens are accepted, and for whom; without it the stack makes a user pool. */
  readonly jwt: { readonly issuer: string; readonly audience: readonly string[] } | null;
  /** Which claims of a token hold the brand, the roles and the companies. */
  readonly jwtBrandClaim: string;
  readonly jwtRolesClaim: string;
  readonly jwtCompaniesClaim: string;
  /** The workspace of Claude Platform on AWS that is asked, by IAM; null where Anthropic's API is, with a key. */
  readonly modelWorkspace: string | null;
  /** The models that a conversation may name. */
  readonly models: readonly string[];
  readonly defaultModel: string;
  /** The model that writes titles: it need not be one of these. */
  readonly titleModel: string;
  /** What the models cost, as `PRICES_FORM` says. */
  readonly modelPrices: unknown;
  /** The longest answer, thinking and text together. */
  readonly modelMaxTokens: number;
  /** How much a model is to think, where a conversation or an agent does not say it. */
  readonly effort: Effort;
  /** Whether streams show what a model thinks. */
  readonly thinkingDisplay: ThinkingDisplay;
  /** An answer for which not one byte comes for so long is given up. */
  readonly modelSilenceMs: number;
  /** What stands for an answer that a model refuses without a word; null for words of ours. */
  readonly refusalText: string | null;
  /** The most of a conversation that a model is sent, in estimated tokens. */
  readonly modelContextTokens: number;
  /** How long a turn may be silent before it is taken for dead. */
  readonly turnLeaseMs: number;
  /** The tokens that a tenant may use on one day (UTC), or null for any number. */
  readonly tokenBudget: number | null;
  /** What one user of a tenant may use of them, or null for any number. */
  readonly tokenBudgetPerUser: number | null;
  /** Web pages that may call the API: `https://app.example.com`, or `*`. */
  readonly corsOrigins: readonly string[];
  /** Requests a second, and in a burst, before the API answers 429. */
  readonly throttleRate: number;
  readonly throttleBurst: number;
  /** Where alarms go: a topic that is there, or the address of a new one. */
  readonly alarmTopicArn: string | null;
  readonly alarmEmail: string | null;
  /** A table that is there, one restored from a backup as a rule; without it the stack makes one. */
  readonly tableName: string | null;
  /** Whether `cdk destroy` removes everything, the data too. */
  readonly ephemeral: boolean;
  /** Whether the template is for `sam local`, and not to be deployed. */
  readonly local: boolean;
  /** The processor of the functions. */
  readonly architecture: (typeof ARCHITECTURES)[number];
}

const ARCHITECTURES = ['arm64', 'x86_64'] as const;
const MODEL_PROVIDERS = ['anthropic', 'claude-on-aws'] as const;

/** Reads the configuration. @throws Error that names what is missing or wrong in cdk.json's context */
export function configurationOf(node: Node): Configuration {
  const models = texts(node, 'models');
  const defaultModel = text(node, 'defaultModel');
  if (!models.includes(defaultModel)) throw wrong('defaultModel', 'one of models');
  return {
    jwt: jwtOf(node),
    jwtBrandClaim: text(node, 'jwtBrandClaim'),
    jwtRolesClaim: text(node, 'jwtRolesClaim'),
    jwtCompaniesClaim: text(node, 'jwtCompaniesClaim'),
    modelWorkspace: workspaceOf(node),
    models,
    defaultModel,
    titleModel: optional(node, 'titleModel') ?? defaultModel,
    modelPrices: pricesOf(node),
    modelMaxTokens: positive(node, 'modelMaxTokens'),
    effort: oneOf(node, 'effort', EFFORTS),
    thinkingDisplay: oneOf(node, 'thinkingDisplay', THINKING_DISPLAYS),
    modelSilenceMs: positive(node, 'modelSilenceMs'),
    refusalText: optional(node, 'refusalText'),
    modelContextTokens: positive(node, 'modelContextTokens'),
    turnLeaseMs: positive(node, 'turnLeaseMs'),
    tokenBudget: optionalPositive(node, 'tokenBudget'),
    tokenBudgetPerUser: optionalPositive(node, 'tokenBudgetPerUser'),
    corsOrigins: originsOf(node),
    throttleRate: positive(node, 'throttleRate'),
    throttleBurst: positive(node, 'throttleBurst'),
    alarmTopicArn: optional(node, 'alarmTopicArn'),
    alarmEmail: optional(node, 'alarmEmail'),
    tableName: optional(node, 'tableName'),
    ephemeral: isTrue(node, 'ephemeral'),
    local: isTrue(node, 'local'),
    architecture: isGiven(node, 'arch') ? oneOf(node, 'arch', ARCHITECTURES) : 'arm64',
  };
}

/** Both or none: an issuer without an audience would accept what it issues for others. */
function jwtOf(node: Node): Configuration['jwt'] {
  if (!isGiven(node, 'jwtIssuer') && !isGiven(node, 'jwtAudience')) return null;
  return { issuer: text(node, 'jwtIssuer'), audience: texts(node, 'jwtAudience') };
}

/** `wrkspc_` and letters and digits (platform.claude.com, "Claude Platform on AWS", Workspaces): it becomes part of an ARN. */
const WORKSPACE = /^wrkspc_[A-Za-z0-9]+$/u;

/**
 * With each provider what it needs, and nothing that would be ignored. On this machine functions have the credentials of a
 * local database, by which nobody is known: there the model is asked with a key, always.
 */
function workspaceOf(node: Node): string | null {
  const provider = oneOf(node, 'modelProvider', MODEL_PROVIDERS);
  const workspace = optional(node, 'modelWorkspace');
  if (provider === 'anthropic') {
    if (workspace !== null) throw wrong('modelWorkspace', 'left out unless modelProvider is claude-on-aws');
    return null;
  }
  if (workspace === null || !WORKSPACE.test(workspace))
    throw wrong('modelWorkspace', 'the id of the workspace, wrkspc_…, where modelProvider is claude-on-aws');
  return isTrue(node, 'local') ? null : workspace;
}

const ORIGIN = /^(?:\*|https?:\/\/[^/?#*\s]+)$/u;

function originsOf(node: Node): string[] {
  if (!isGiven(node, 'corsOrigins')) return [];
  const origins = texts(node, 'corsOrigins');
  if (!origins.every((origin) => ORIGIN.test(origin)))
    throw wrong('corsOrigins', 'a list of origins like https://app.example.com, or *');
  return origins;
}

/** On the command line a text of JSON. Without prices nothing says what answers cost. */
function pricesOf(node: Node): unknown {
  if (!isGiven(node, 'modelPrices')) return {};
  const given: unknown = node.tryGetContext('modelPrices');
  const prices = typeof given === 'string' ? jsonIn(given) : given;
  if (!pricesIn(prices)) throw wrong('modelPrices', PRICES_FORM);
  return prices;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function oneOf<const T extends string>(node: Node, name: string, allowed: readonly T[]): T {
  const value: unknown = node.tryGetContext(name);
  const known = allowed.find((each) => each === value);
  if (!known) throw wrong(name, `one of ${allowed.join(', ')}`);
  return known;
}

function isGiven(node: Node, name: string): boolean {
  const value: unknown = node.tryGetContext(name);
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function optional(node: Node, name: string): string | null {
  return isGiven(node, name) ? text(node, name) : null;
}

function text(node: Node, name: string): string {
  const value: unknown = node.tryGetContext(name);
  if (typeof value !== 'string' || value === '') throw wrong(name, 'a text');
  return value;
}

/** A list, or on the command line (`-c models="a b"`) a text. */
function texts(node: Node, name: string): string[] {
  const value: unknown = node.tryGetContext(name);
  const given = typeof value === 'string' ? wordsOf(value) : value;
  const list: unknown[] = Array.isArray(given) ? given : [];
  const found = list.filter((each) => typeof each === 'string').filter((each) => each !== '');
  if (found.length === 0) throw wrong(name, 'a list of texts');
  return found;
}

function positive(node: Node, name: string): number {
  const value = Number(node.tryGetContext(name));
  if (!Number.isInteger(value) || value < 1) throw wrong(name, 'a positive integer');
  return value;
}

function optionalPositive(node: Node, name: string): number | null {
  return isGiven(node, name) ? positive(node, name) : null;
}

/** On the command line (`-c ephemeral=true`) a text. */
function isTrue(node: Node, name: string): boolean {
  const value: unknown = node.tryGetContext(name) ?? false;
  if (typeof value !== 'boolean' && value !== 'true' && value !== 'false') throw wrong(name, 'true or false');
  return value === true || value === 'true';
}

function wrong(name: string, wanted: string): Error {
  return new Error(`The context value ${name} must be ${wanted}: set it in cdk.json`);
}
