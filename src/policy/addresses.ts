import { isIP, isIPv4, isIPv6 } from 'node:net';

/** An address, or one with a prefix length: never a name, which the machine would ask name servers for. */
export function isPrefix(text: string): boolean {
  const [, address = '', length = '0'] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isPlain(address) && Number(length) <= 128;
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1:22`, `[::1]`, `[::1]:22`, `:22`, `*:22`: addresses of ss(8) and lsof(8). */
export function isSocketAddress(text: string): boolean {
  const [, v6, other = '', port] =
    /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\*|[a-z0-9][\w,-]*))?$/.exec(text.replace(/\/\d{1,3}(?=:|$)/, '')) ??
    [];
  if (v6 !== undefined) return isPlain(v6) && isIPv6(v6);
  return isIPv4(other) || ((other === '' || other === '*') && port !== undefined);
}

/** Without a zone, which would be looked up. */
function isPlain(address: string): boolean {
  return isIP(address) !== 0 && !address.includes('%');
}
