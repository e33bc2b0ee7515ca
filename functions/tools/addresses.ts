import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What of IPv4 is not the public internet: IANA's special-purpose registry (RFC 6890), multicast and class E. Loopback
 * is where Lambda's runtime API listens, link-local where cloud machines find their credentials.
 */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * IANA has given out nothing but 2000::/3, so all else is not public: loopback, unique local, link-local, multicast, NAT64
 * (64:ff9b::/96) and whatever else embeds another address. Within it these are not, either: IETF protocols, Teredo among
 * them, documentation, and 6to4.
 */
const GLOBAL_IPV6 = ['2000::/3'];
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** IPv4 addresses in the clothes of IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED = ['::ffff:0:0/96'];

const ipv4 = { notPublic: listOf(NOT_PUBLIC_IPV4, 'ipv4') };
const ipv6 = {
  global: listOf(GLOBAL_IPV6, 'ipv6'),
  notPublic: listOf(NOT_PUBLIC_IPV6, 'ipv6'),
  mapped: listOf(MAPPED, 'ipv6'),
};

/** Whether an address, in any of its notations, is one of the public internet. What is no address is none. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !ipv4.notPublic.check(address, 'ipv4');
  // One with a zone (`fe80::1%eth0`) is never global.
  if (!isIPv6(address) || address.includes('%')) return false;
  if (ipv6.mapped.check(address, 'ipv6')) return !ipv4.notPublic.check(address, 'ipv6'); // judged as what it holds
  return ipv6.global.check(address, 'ipv6') && !ipv6.notPublic.check(address, 'ipv6');
}

const loopback = { ipv4: listOf(['127.0.0.0/8'], 'ipv4'), ipv6: listOf(['::1/128'], 'ipv6') };

/** Whether an address is one of the machine itself. */
export function isLoopbackAddress(address: string): boolean {
  return isIPv4(address) ? loopback.ipv4.check(address, 'ipv4') : loopback.ipv6.check(address, 'ipv6');
}

function listOf(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}
