import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { Fault } from './fault.ts';

const DEFAULT_PORT = 8_000;

/** The command line's options. @throws Fault with the usage for one that is not among them */
export function options<const O extends ParseArgsOptionsConfig>(known: O, usage: string) {
  try {
    return parseArgs({ options: known, strict: true }).values;
  } catch (error) {
    throw new Fault(`${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`);
  }
}

/** An option that must be there. @throws Fault with the usage */
export function required(value: string | undefined, name: string, usage: string): string {
  if (value === undefined || value === '') throw new Fault(`--${name} is required\nUsage: ${usage}`);
  return value;
}

/** An option that is a positive integer. @throws Fault with the usage */
export function positiveInteger(value: string, name: string, usage: string): number {
  if (!/^[1-9]\d{0,8}$/u.test(value))
    throw new Fault(`--${name} takes a positive integer, not ${value}\nUsage: ${usage}`);
  return Number(value);
}

/** The gateway's port: PORT, or 8000. @throws Fault when PORT is no port */
export function portFromEnvironment(env: NodeJS.ProcessEnv = process.env): number {
  const port = Number(env.PORT || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Fault(`PORT is no port: ${env.PORT}`);
  return port;
}
