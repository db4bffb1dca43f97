import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { raceAbort } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';

/** One way to a host: an address of it, and one of this machine of the same family. */
export interface SourcedTarget {
  readonly host: string;
  readonly localAddress: string;
}

/**
 * The addresses of HostName in the order of the resolver, each with that which BindAddress or BindInterface gives for its
 * family; one for which they give none is left out, as ssh does. Rejects as dns.lookup() does for HostName, with ScoutError
 * `unreachable` where nothing is left, or the signal's reason.
 */
export async function sourcedTargets(
  settings: HostSettings,
  signal: AbortSignal,
): Promise<readonly SourcedTarget[]> {
  const { alias, hostName, bindAddress, bindInterface, addressFamily } = settings;
  const family = { any: 0, inet: 4, inet6: 6 }[addressFamily];
  const targets = await raceAbort(lookup(hostName, { all: true, family }), signal);
  const sources = await raceAbort(
    Promise.all(
      targets.map((target) =>
        bindAddress === undefined
          ? ofInterface(bindInterface, target.family)
          : ofName(bindAddress, target.family),
      ),
    ),
    signal,
  );
  const sourced = targets.flatMap(({ address }, index) => {
    const localAddress = sources[index];
    return localAddress === undefined ? [] : [{ host: address, localAddress }];
  });
  if (sourced.length > 0) return sourced;
  throw new ScoutError(
    'unreachable',
    bindAddress === undefined
      ? `${alias}: this machine has no address on the interface ${bindInterface} that fits ${hostName}`
      : `${alias}: BindAddress ${bindAddress} is no address that fits ${hostName}`,
    `Correct ${bindAddress === undefined ? 'BindInterface' : 'BindAddress'} in the ssh configuration.`,
  );
}

/** BindAddress may be a name, which has an address or none in each family; Node gives a numeric one for either. */
async function ofName(bindAddress: string, family: number): Promise<string | undefined> {
  const found = await lookup(bindAddress, { family }).catch(() => undefined);
  return found?.family === family ? found.address : undefined;
}

/** The interface's first address of a family; loopback and link-local ones only where it has no other. */
function ofInterface(bindInterface: string | undefined, family: number): string | undefined {
  const addresses = (networkInterfaces()[bindInterface ?? ''] ?? []).filter(
    ({ address }) => isIPv6(address) === (family === 6),
  );
  const chosen =
    addresses.find(({ address }) => !/^(?:127\.0\.0\.1$|::1$|fe[89ab])/i.test(address)) ?? addresses[0];
  return chosen && (chosen.scopeid ? `${chosen.address}%${bindInterface}` : chosen.address);
}
