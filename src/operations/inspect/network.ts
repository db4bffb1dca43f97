import { ScoutError } from '../../errors.ts';
import type { Machine } from '../ask/machine.ts';
import {
  parseAddressesJson,
  parseAddressesText,
  parseKernelAddresses,
  parseKernelRoutes,
  parseRoutesJson,
  parseRoutesText,
} from './addresses.ts';
import { type ListeningPort, parsePorts, portsQuestion } from './ports.ts';
import { linesOf, wordsOf } from './untrusted.ts';

export interface Interface {
  readonly name: string;
  /** `up`, `down`, `unknown`, as the kernel has it; empty where it could not be found out. */
  readonly state: string;
  readonly mac: string;
  readonly mtu?: number | undefined;
  /** With the length of the prefix where it is known. */
  readonly addresses: readonly string[];
}

export interface Route {
  readonly to: string;
  readonly via: string;
  readonly device: string;
}

export interface Network {
  readonly what: 'network';
  /** Undefined where nothing could be found out. */
  readonly interfaces?: readonly Interface[] | undefined;
  readonly routes?: readonly Route[] | undefined;
  readonly ports?: readonly ListeningPort[] | undefined;
  readonly nameServers: readonly string[];
}

/** ip(8) in JSON, which iproute2 has since 2018 and BusyBox has not; then its lines; then the kernel's tables. */
const questions = {
  addresses: 'ip -j address show',
  addressLines: 'ip -o address show',
  routes: 'ip -j route show',
  routes6: 'ip -j -6 route show default',
  routeLines: 'ip route show',
  kernel6: 'cat /proc/net/if_inet6',
  kernel4: "grep -B1 -E '^ +/32 host LOCAL' /proc/net/fib_trie",
  kernelRoutes: 'cat /proc/net/route',
  ports: portsQuestion,
  resolver: "grep -E '^nameserver' /etc/resolv.conf",
} as const;

/** One round. Throws ScoutError `not_available` where no part of it could be found out. */
export async function lookAtNetwork(machine: Machine): Promise<Network> {
  const { replies, stopped } = await machine.ask(questions);
  const printed = (name: keyof typeof questions) => (replies[name]?.ok ? replies[name].text : undefined);
  const kernel = [printed('kernel4'), printed('kernel6')];
  const interfaces =
    parseAddressesJson(printed('addresses') ?? '') ??
    parseAddressesText(printed('addressLines') ?? '') ??
    parseKernelAddresses(kernel[0] ?? '', kernel[1] ?? '');
  const routes =
    parseRoutesJson(printed('routes') ?? '', printed('routes6') ?? '') ??
    parseRoutesText(printed('routeLines')) ??
    parseKernelRoutes(printed('kernelRoutes'));
  const ports = replies.ports === undefined ? undefined : parsePorts(replies.ports.text);
  if (!interfaces && !routes && !replies.ports?.ok) {
    throw (
      stopped ??
      new ScoutError(
        'not_available',
        `${machine.host} says nothing of its network`,
        'Try scout_query with `ip address`.',
      )
    );
  }
  return {
    what: 'network',
    interfaces,
    routes,
    ports,
    nameServers: linesOf(printed('resolver') ?? '').map((line) => wordsOf(line)[1] ?? ''),
  };
}
