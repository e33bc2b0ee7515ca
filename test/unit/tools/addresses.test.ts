import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../../functions/tools/addresses.ts';
import { toolUrlFault } from '../../../functions/tools/url.ts';

/** A range of addresses as numbers. */
interface Range {
  readonly subnet: string;
  readonly first: bigint;
  readonly last: bigint;
}

const toRange = (subnet: string, width: number, numberOf: (address: string) => bigint): Range => {
  const [network = '', bits] = subnet.split('/');
  const first = numberOf(network);
  return { subnet, first, last: first + (1n << BigInt(width - Number(bits))) - 1n };
};
const numberOf4 = (address: string) =>
  address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
const text4 = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
const numberOf6 = (address: string) => {
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const all = [...groups(head), ...zeros, ...groups(tail)];
  return all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
};
const text6 = (value: bigint) =>
  Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(
    ':',
  );
/** As browsers and resolvers write it: zeros left out. */
const short6 = (value: bigint) => new URL(`http://[${text6(value)}]`).hostname.slice(1, -1);
const isIn = (ranges: readonly Range[], value: bigint) =>
  ranges.some(({ first, last }) => first <= value && value <= last);

const BLOCKED_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '255.255.255.255/32'],
].map((subnet) => toRange(subnet, 32, numberOf4));
const BLOCKED_6 = [
  ...['::/128', '::1/128', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', '2002::/16'],
  ...['2001:2::/48', '2001:10::/28', '2001:20::/28', '2001:db8::/32', '3fff::/20', '5f00::/16', '4000::/2'],
  ...['fc00::/7', 'fd00:ec2::254/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', '8000::/1', '::ffff:0:0:0/96'],
].map((subnet) => toRange(subnet, 128, numberOf6));
const GLOBAL_6 = toRange('2000::/3', 128, numberOf6);
const IETF_6 = toRange('2001::/23', 128, numberOf6);

const within = ({ first, last }: Range) =>
  fc.oneof(fc.constantFrom(first, last), fc.bigInt({ min: first, max: last }));
const mapped = (value: bigint) => (0xffffn << 32n) | value;

/** Every way to write an IPv4 address that URLs know: its last parts as one number, each part in any base. */
const notation = (value: bigint) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(10, 16, 8), { minLength: 4, maxLength: 4 }),
    )
    .map(([count, bases]) => {
      const parts = Array.from({ length: count }, (_, index) =>
        index < count - 1
          ? (value >> BigInt(24 - 8 * index)) & 255n
          : value & ((1n << BigInt(32 - 8 * index)) - 1n),
      );
      const prefix: Record<number, string> = { 8: '0', 10: '', 16: '0x' };
      return parts
        .map((part, index) => (prefix[bases[index] ?? 10] ?? '') + part.toString(bases[index]))
        .join('.');
    });

describe.each(BLOCKED_4)('$subnet', (range) => {
  test('is not public, itself and mapped into IPv6', () => {
    const check = (value: bigint) => {
      const all = [text4(value), text6(mapped(value)), short6(mapped(value)), `::ffff:${text4(value)}`];
      expect(all.filter(isPublicAddress)).toEqual([]);
    };
    fc.assert(fc.property(within(range), check));
  });

  test('is refused in a URL in every notation', () => {
    const written = within(range).chain(notation);
    fc.assert(
      fc.property(written, (host) => {
        expect(toolUrlFault(`https://${host}/`)).toBe('must lead to the public internet');
      }),
    );
  });
});

describe.each(BLOCKED_6)('$subnet', (range) => {
  test('is not public, and is refused in a URL', () => {
    fc.assert(
      fc.property(within(range), (value) => {
        const all = [text6(value), text6(value).toUpperCase(), short6(value)];
        expect(all.filter(isPublicAddress)).toEqual([]);
        for (const host of all) expect(toolUrlFault(`https://[${host}]`)).not.toBeNull();
      }),
    );
  });
});

describe('all else', () => {
  test('of IPv4 is public, itself and mapped into IPv6', () => {
    const free = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).filter((value) => !isIn(BLOCKED_4, value));
    const edges = BLOCKED_4.flatMap(({ first, last }) => [first - 1n, last + 1n]);
    const nextTo = edges.filter((value) => value >= 0n && value < 1n << 32n && !isIn(BLOCKED_4, value));
    fc.assert(
      fc.property(fc.oneof(free, fc.constantFrom(...nextTo)), (value) => {
        const all = [text4(value), short6(mapped(value)), `::ffff:${text4(value)}`];
        expect(all.filter(isPublicAddress)).toEqual(all);
        expect(toolUrlFault(`https://${text4(value)}`)).toBeNull();
      }),
    );
  });

  test('of 2000::/3 is public, of IPv6 otherwise nothing', () => {
    const anywhere = fc.oneof(within(GLOBAL_6), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }));
    const isMapped = (value: bigint) => value >> 32n === 0xffffn;
    fc.assert(
      fc.property(
        anywhere.filter((value) => !isMapped(value)),
        (value) => {
          const isPublic = isIn([GLOBAL_6], value) && !isIn([...BLOCKED_6, IETF_6], value);
          expect([text6(value), short6(value)].map(isPublicAddress)).toEqual([isPublic, isPublic]);
        },
      ),
    );
  });

  test('that is no address is not public', () => {
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom('', 'localhost', '127.1', '0x7f000001', 'fe80::1%eth0'),
    );
    fc.assert(fc.property(words, (word) => !isPublicAddress(word)));
  });
});

test.each(['8.8.8.8', '1.1.1.1', '52.95.110.1', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test('names are not judged by what they look like', () => {
  expect(toolUrlFault('https://127.0.0.1.example.com/')).toBeNull();
});
