import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A socket that listens. */
export interface Listener {
  readonly pid: number;
  /** `127.0.0.1`, or `*` for every interface; as the kernel writes it for any other. */
  readonly address: string;
  readonly port: number;
}

/** A process and all that descends from it, by Linux's /proc. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/u.test(each))) {
    const parent = parentOf(Number(name));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** The sockets on which these processes listen. A socket that several share stands there once for each. */
export function listenersOf(pids: readonly number[]): Listener[] {
  const sockets = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, , , state]) => state === LISTENING)
      .map(([, local = '', , , , , , , , inode]) => {
        const [address = '', port = ''] = local.split(':');
        return { inode, address: ADDRESSES[address] ?? address, port: Number.parseInt(port, 16) };
      }),
  );
  return pids.flatMap((pid) => {
    const open = new Set(openFiles(pid));
    return sockets
      .filter(({ inode }) => open.has(`socket:[${inode}]`))
      .map(({ address, port }) => ({ pid, address, port }));
  });
}

/** proc(5): states and addresses are hexadecimal, each four bytes of an address in the machine's order. */
const LISTENING = '0A';
const ADDRESSES: Readonly<Record<string, string>> = {
  '0100007F': '127.0.0.1',
  '00000000000000000000000001000000': '::1',
  '0000000000000000FFFF00000100007F': '127.0.0.1',
  '00000000': '*',
  '00000000000000000000000000000000': '*',
};

/** What a process was started with. */
export function environmentOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(
    lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
}

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(?<pid>\d+)$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.pid);
  } catch {
    return Number.NaN; // it has just ended
  }
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}
