import { isIP, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ScoutError } from '../../errors.ts';
import { lastHop, type Pass } from './pass.ts';
import { lowerAscii, matchPatternList } from './pattern.ts';

/**
 * The host name after the first reading, as ssh makes it canonical: addresses in their usual spelling, names in
 * lower case, and with CanonicalizeHostname completed by CanonicalDomains and CNAME rules (ssh_config(5)).
 * Throws ScoutError `dns_failed` where ssh refuses a name that no domain completes.
 */
export async function canonicalHost(pass: Pass, signal: AbortSignal): Promise<string> {
  const { values } = pass;
  const written = pass.targetHost();
  const isAddress = looksLikeAddress(written);
  const address = isAddress ? canonicalAddress(written, values.effective('addressfamily')?.[0]) : undefined;
  if (address !== undefined) return address;
  const name = isAddress ? written : lowerAscii(written);
  const mode = values.effective('canonicalizehostname')?.[0] ?? 'false';
  const isDirect = connectsDirectly(pass);
  const mayAsk = isDirect || mode === 'always';
  if (mode !== 'false' && mayAsk && !isAddress) {
    const completed = await complete(name, pass, signal);
    if (completed !== undefined) return completed;
  }
  if (!mayAsk || !hasRules(pass)) return name;
  if (await exists(name, pass, signal)) return mode === 'false' ? name : followRules(name, pass, signal);
  if (isDirect) throw unresolved(name);
  return name;
}

/** Names that a proxy will look up are not completed. OpenSSH before 9.4 takes `ProxyJump none` for a proxy. */
function connectsDirectly({ values, source }: Pass): boolean {
  if (values.unlessNone('proxycommand') !== undefined || lastHop(values)) return false;
  return values.first('proxyjump') === undefined || source.system.sshIsAtLeast(9, 4);
}

/** Digits and dots, or anything with a colon or scope: never a name for the name service. */
function looksLikeAddress(host: string): boolean {
  return host.includes(':') || host.includes('%') || /^[\d.]*$/.test(host);
}

/** Undefined where no domain completes the name, or where it must stay as it is. */
async function complete(name: string, pass: Pass, signal: AbortSignal): Promise<string | undefined> {
  if (!pass.source.nameService) return undefined;
  if (name.endsWith('.')) {
    if (await exists(name, pass, signal)) return followRules(name.slice(0, -1), pass, signal);
  } else {
    const dots = name.split('.').length - 1;
    if (dots > Number(pass.values.effective('canonicalizemaxdots')?.[0])) return undefined;
    for (const domain of pass.values.all('canonicaldomains') ?? []) {
      if (domain === 'none') break;
      const full = `${name}.${domain}`;
      if (await exists(`${full}.`, pass, signal)) return followRules(full, pass, signal);
    }
  }
  if (pass.values.effective('canonicalizefallbacklocal')?.[0] === 'no') throw unresolved(name);
  return undefined;
}

function hasRules(pass: Pass): boolean {
  return (pass.values.all('canonicalizepermittedcnames') ?? ['none'])[0] !== 'none';
}

/** The CNAME of `name` where a rule `sources:targets` permits to follow it, else `name`. */
async function followRules(name: string, pass: Pass, signal: AbortSignal): Promise<string> {
  const { nameService } = pass.source;
  if (!nameService || !hasRules(pass)) return name;
  const target = await nameService.canonicalName(name, signal);
  if (target === undefined || target === name) return name;
  const permitted = (pass.values.all('canonicalizepermittedcnames') ?? []).some((rule) => {
    const [sources = '', targets = ''] = rule.split(':', 2);
    const both = [matchPatternList(name, sources, true), matchPatternList(target, targets, true)];
    return both.every((match) => match === 'matched');
  });
  return permitted ? target : name;
}

async function exists(name: string, pass: Pass, signal: AbortSignal): Promise<boolean> {
  const family = pass.values.effective('addressfamily')?.[0];
  const wanted = family === 'inet' || family === 'inet6' ? family : 'any';
  return (await pass.source.nameService?.exists(name, wanted, signal)) ?? true;
}

function unresolved(name: string): ScoutError {
  return new ScoutError(
    'dns_failed',
    `the host name ${JSON.stringify(name)} could not be resolved in any of the configured domains`,
    'Correct HostName or CanonicalDomains, or set CanonicalizeFallbackLocal yes.',
  );
}

/**
 * As getnameinfo(3) prints it: `127.1` is `127.0.0.1`, `2001:DB8:0::1` is `2001:db8::1`. Undefined for what is no
 * address of the configured family.
 */
function canonicalAddress(host: string, family: string | undefined): string | undefined {
  if (isIP(host) === 6) {
    if (family === 'inet') return undefined;
    const [bare = '', zone] = host.split('%');
    const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
    return zone === undefined ? address : `${address}%${interfaceOf(zone)}`;
  }
  return family === 'inet6' || !/^[\d.]+$/.test(host) ? undefined : shortAddress(host);
}

/** The interface of a link-local address, which may be given by its index. */
function interfaceOf(zone: string): string {
  const all = Object.entries(networkInterfaces());
  return all.find(([, own]) => own?.some(({ scopeid }) => scopeid === Number(zone)))?.[0] ?? zone;
}

/** The forms of inet_aton(3) with one to four numbers (decimal, octal): the last fills the remaining bytes. */
function shortAddress(host: string): string | undefined {
  const parts = host.split('.');
  if (parts.length > 4 || parts.some((part) => !/^\d+$/.test(part))) return undefined;
  const numbers = parts.map((part) =>
    /^0[89\d]*[89]/.test(part) ? Number.NaN : Number.parseInt(part, part.startsWith('0') ? 8 : 10),
  );
  const last = numbers.pop() ?? 0;
  const room = 256 ** (4 - numbers.length);
  if (Number.isNaN(last) || last >= room || numbers.some((number) => !(number < 256))) return undefined;
  const bytes = Array.from(
    { length: 4 - numbers.length },
    (_, at, all = 4 - numbers.length) => Math.trunc(last / 256 ** (all - 1 - at)) % 256,
  );
  return [...numbers, ...bytes].join('.');
}
