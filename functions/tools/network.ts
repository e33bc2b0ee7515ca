import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';
import { addressIn } from './url.ts';

/** Where calls may go, and how names become addresses. */
export interface Network {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
}

/** The public internet: where tools are. */
export const INTERNET: Network = {
  isAllowed: isPublicAddress,
  resolve: (hostname) => lookup(hostname, { all: true }),
};

/** The machine itself, and nothing beyond it: for tools that are being written. */
export const THIS_MACHINE: Network = { ...INTERNET, isAllowed: isLoopbackAddress };

/** The code of the error by which an address is refused. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';

/** @throws Error ADDRESS_REFUSED for an address in the URL itself, of which no lookup is asked */
export function refuseAddressIn(url: URL, { isAllowed }: Network): void {
  const address = addressIn(url);
  if (address !== null && !isAllowed(address)) throw refused();
}

/**
 * A name's addresses for the one who connects to them: they are judged here and not looked up again, so no name can be
 * another place when it is called than when it was checked. One address that is not allowed is enough to refuse all.
 */
export function lookupIn({ isAllowed, resolve }: Network): LookupFunction {
  const judged = callbackify(async (hostname: string) => {
    const found = await resolve(hostname);
    if (found.length === 0 || !found.every(({ address }) => isAllowed(address))) throw refused();
    return [...found];
  });
  return (hostname, _options, callback) => judged(hostname, callback);
}

function refused(): Error {
  return Object.assign(new Error('The address is not allowed'), { code: ADDRESS_REFUSED });
}
