import { linesOf, toNumber, wordsOf } from './untrusted.ts';

/** Where a program waits for connections or datagrams. */
export interface ListeningPort {
  readonly protocol: 'tcp' | 'udp';
  /** `*` for any address. */
  readonly address: string;
  readonly port: number;
  /** Only seen of other accounts' programs by root. */
  readonly process?: string | undefined;
  readonly pid?: number | undefined;
}

const tables = '/proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6';

/**
 * ss(8), and where there is none the kernel's tables (proc_net_tcp(5)): sockets with no other end that listen (0A),
 * or take datagrams (07). `-H` of grep names the table that a line is of.
 */
export const portsQuestion = `ss -H -t -u -l -n -p 2>/dev/null || grep -H -E '^ *[0-9]+: [0-9A-F]+:[0-9A-F]{4} 0+:0000 (0A|07) ' ${tables}`;

/** In the order of their numbers, each once for all addresses of a family that it listens on. */
export function parsePorts(text: string): readonly ListeningPort[] {
  const found = linesOf(text).flatMap((line) =>
    line.startsWith('/proc/') ? parseTableLine(line) : parseSsLine(line),
  );
  const once = new Map(
    found.map((one) => [`${one.protocol} ${one.address} ${one.port} ${one.process ?? ''}`, one]),
  );
  return [...once.values()].sort((a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port);
}

/** `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=812,fd=3))` */
function parseSsLine(line: string): readonly ListeningPort[] {
  const words = wordsOf(line);
  const [protocol, , , , local = ''] = words;
  const colon = local.lastIndexOf(':');
  const port = toNumber(local.slice(colon + 1));
  if ((protocol !== 'tcp' && protocol !== 'udp') || colon < 0 || port === undefined) return [];
  const [, process, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(line) ?? [];
  const address = local.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return [{ protocol, address: anyAddress(address), port, process, pid: toNumber(pid) }];
}

/** `/proc/net/tcp:   0: 0100007F:0016 00000000:0000 0A …` */
function parseTableLine(line: string): readonly ListeningPort[] {
  const [, protocol, six, address, port] =
    /^\/proc\/net\/(tcp|udp)(6?): *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) 0+:0000 /.exec(line) ?? [];
  if ((protocol !== 'tcp' && protocol !== 'udp') || address === undefined || port === undefined) return [];
  const shown = six === '6' ? parseKernelAddress6(address) : parseKernelAddress(address);
  return [{ protocol, address: anyAddress(shown), port: Number.parseInt(port, 16) }];
}

/** Four bytes in the order of the machine, which is little-endian wherever this was met: `0100007F` is 127.0.0.1. */
export function parseKernelAddress(hex: string): string {
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

/** Four such words; the longest row of zeros is not looked for, only that of `::1` and `::`. */
function parseKernelAddress6(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse()).join('');
  if (/^0{20}ffff/i.test(bytes))
    return parseKernelAddress((bytes.slice(24).match(/../g) ?? []).reverse().join(''));
  const groups = (bytes.toLowerCase().match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
  return groups
    .join(':')
    .replace(/^(?:0:)+/, '::')
    .replace(/^::0$/, '::');
}

function anyAddress(address: string): string {
  return ['0.0.0.0', '::', '*'].includes(address) ? '*' : address;
}
