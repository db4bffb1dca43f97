import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { HostSettings } from '../hosts/settings.ts';

/** The address by which a host sees who logs in, as far as it can be known without a login. */
export interface SeenAddress {
  /** An IP address as `from=` of authorized_keys takes it; undefined where it cannot be known. */
  readonly address: string | undefined;
  /** How sure that is, and how to look. */
  readonly why: string;
}

const look =
  'after a login, the first word of `echo $SSH_CONNECTION`, typed there, is the address that the host sees';

/**
 * The address to put into `from=` (sshd(8), AUTHORIZED_KEYS FILE FORMAT). Behind a jump it is the last jump's; else
 * the local address that the kernel would send from, asked of a UDP socket that is connected and sends nothing. The
 * host's name may be asked of the name service.
 */
export async function seenAddress(
  settings: HostSettings,
  lastJump: HostSettings | undefined,
): Promise<SeenAddress> {
  if (settings.proxyCommand !== undefined) {
    return { address: undefined, why: `the way leads through a ProxyCommand; ${look}` };
  }
  if (lastJump) return await ofJump(lastJump);
  const target = await addressOf(settings.hostName, settings.addressFamily);
  const own = target === undefined ? undefined : await localAddressTo(target);
  if (target === undefined || own === undefined) {
    return { address: undefined, why: `there is no route to the host from here now; ${look}` };
  }
  if (isPrivate(own) && !isPrivate(target)) {
    return {
      address: undefined,
      why: `a router between (NAT) puts its own address in place of ${own}; ${look}`,
    };
  }
  return {
    address: own,
    why: `this machine's address on the way to ${target}; behind NAT it is the router's: ${look}`,
  };
}

async function ofJump({ alias, hostName, addressFamily }: HostSettings): Promise<SeenAddress> {
  const address = await addressOf(hostName, addressFamily);
  const name = alias.replace(/[^\w.:@%+-]/g, '?');
  if (address === undefined) return { address, why: `it is an address of the jump ${name}; ${look}` };
  return { address, why: `an address of the jump ${name}, which may have another on that side: ${look}` };
}

async function addressOf(name: string, family: HostSettings['addressFamily']): Promise<string | undefined> {
  try {
    const found = await lookup(name, { family: family === 'any' ? 0 : family === 'inet' ? 4 : 6 });
    return found.address;
  } catch {
    return undefined;
  }
}

/** connect(2) of a datagram socket only picks a route. */
async function localAddressTo(target: string): Promise<string | undefined> {
  const socket = createSocket(isIPv6(target) ? 'udp6' : 'udp4');
  try {
    const connected = once(socket, 'connect');
    socket.connect(9, target);
    await connected;
    const address = socket.address().address.replace(/%.*$/s, '');
    return isIP(address) ? address : undefined;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

/** RFC 1918, RFC 6598, RFC 4193, loopback and link-local: what NAT hides. */
function isPrivate(address: string): boolean {
  const list = new BlockList();
  for (const [network, bits] of [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const) {
    list.addSubnet(network, bits, 'ipv4');
  }
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addAddress('::1', 'ipv6');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
