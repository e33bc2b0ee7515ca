import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { LOOPBACK } from './listen.ts';

/** This machine as its Docker containers see it. */
export interface ContainerHost {
  /** Where a server must listen for containers to reach it, and as few others as can be. */
  readonly address: string;
  /** What containers call this machine. */
  readonly name: string;
}

/** What Docker Desktop calls the machine, whose loopback address it lets containers reach. */
const DOCKER_DESKTOP: ContainerHost = { address: LOOPBACK, name: 'host.docker.internal' };

const ANSWER_WITHIN_MS = 30_000;

/** Without Docker Desktop, containers reach this machine by the address of their bridge. */
export async function containerHost(): Promise<ContainerHost> {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const question = ['network', 'inspect', 'bridge', '--format', format];
  const { stdout } = await promisify(execFile)('docker', question, { timeout: ANSWER_WITHIN_MS });
  const gateway = stdout.trim();
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return own.some(({ address }) => address === gateway)
    ? { address: gateway, name: gateway }
    : DOCKER_DESKTOP;
}

/** The URL of a server on this machine, for containers. Other URLs stay as they are. */
export function seenByContainers(url: string, { name }: ContainerHost): string {
  return url.replace(
    /^(?<scheme>https?:\/\/)(?:127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/u,
    `$<scheme>${name}`,
  );
}
