import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** A comma-separated list of addresses and CIDR networks (ssh_config(5) Match localnetwork). */
export function isAddressList(list: string): boolean {
  return list.split(',').every((entry) => parseNetwork(entry) !== undefined);
}

/** Has an interface of this machine that is up an address in one of the networks? */
export function isOnNetwork(list: string): boolean {
  const networks = new BlockList();
  for (const entry of list.split(',')) {
    const network = parseNetwork(entry);
    if (network) networks.addSubnet(network.address, network.bits, network.family);
  }
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ address, family }) => networks.check(address, family === 'IPv6' ? 'ipv6' : 'ipv4'));
}

function parseNetwork(entry: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', prefix, ...more] = entry.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (version === 0 || more.length > 0 || bits < 0 || bits > longest) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return isNetworkAddress(address, bits, family) ? { address, bits, family } : undefined;
}

/** ssh refuses 10.1.2.3/8: the bits behind the prefix must be zero. */
function isNetworkAddress(address: string, bits: number, family: 'ipv4' | 'ipv6'): boolean {
  const digits = family === 'ipv4' ? ipv4Bits(address) : ipv6Bits(address);
  return !digits.slice(bits).includes('1');
}

function ipv4Bits(address: string): string {
  return address
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('');
}

function ipv6Bits(address: string): string {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const tail = dotted ? ipv4Bits(dotted[2] ?? '') : '';
  const [head = '', rest] = (dotted ? (dotted[1] ?? '').replace(/([^:]):$/, '$1') : address).split('::');
  const bitsOf = (part: string | undefined) =>
    (part ?? '')
      .split(':')
      .filter((group) => group !== '')
      .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
      .join('');
  const behind = bitsOf(rest) + tail;
  return rest === undefined ? bitsOf(head) + tail : bitsOf(head).padEnd(128 - behind.length, '0') + behind;
}
