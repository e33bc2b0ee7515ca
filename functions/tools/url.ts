import { isIP } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** The environment variable by which the local twin, and nothing that is deployed, lets tools be on the same machine. */
export const LOCAL_TOOLS_VARIABLE = 'ALLOW_LOCAL_TOOLS';

/** Whether a tool is one on the machine of its developer, and may be. */
export function isLocalTool({ protocol, hostname }: URL): boolean {
  const isOnLoopback = protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname);
  return isOnLoopback && process.env[LOCAL_TOOLS_VARIABLE] === 'true';
}

/**
 * What is wrong with the URL of a tool, or null. Tools are called over HTTPS on its own port alone: whoever writes a
 * URL shall not be able to knock at other ports from within a deployment.
 */
export function toolUrlFault(text: string): string | null {
  const url = URL.parse(text);
  if (url && (url.username !== '' || url.password !== '')) return 'must not hold credentials';
  if (url && isLocalTool(url)) return null;
  if (url?.protocol !== 'https:') return 'must be an https URL';
  if (url.port !== '') return 'must use port 443';
  const address = addressIn(url);
  if (address !== null && !isPublicAddress(address)) return 'must lead to the public internet';
  return null;
}

/** The IP address that stands in a URL instead of a name, or null. All notations of it have become one by parsing. */
export function addressIn({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[(.*)\]$/u, '$1');
  return isIP(host) === 0 ? null : host;
}
