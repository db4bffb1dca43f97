import { assembleAlgorithms } from './algorithm-list.ts';
import { cipherNames, kexNames, keyNames, macNames, signatureNames } from './algorithm-names.ts';
import { formatJumps, parseJumps } from './jump-spec.ts';
import { allKeywords } from './keywords.ts';
import type { LocalSystem } from './local-system.ts';
import { LineProblem } from './problem.ts';
import type { Values } from './values.ts';

interface Known {
  readonly alias: string;
  readonly host: string;
  readonly user: string;
  readonly keyAlias: string | undefined;
  readonly values: Values;
  readonly system: LocalSystem;
  /** Expands `~`, tokens and variables of a path. */
  readonly path: (text: string) => string;
}

const algorithmKeywords = {
  ciphers: cipherNames,
  macs: macNames,
  kexalgorithms: kexNames,
  hostkeyalgorithms: keyNames,
  hostbasedacceptedalgorithms: keyNames,
  pubkeyacceptedalgorithms: keyNames,
  casignaturealgorithms: signatureNames,
} as const;

/** Printed only where they are set, and never when `none`. */
const clearedByNone = [
  'localcommand',
  'remotecommand',
  'revokedhostkeys',
  'pkcs11provider',
  'knownhostscommand',
];

const defaultIdentities = ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk', 'xmss', 'dsa'];

/**
 * Every keyword with its values as `ssh -G` prints them: defaults filled in; of the paths, only those of
 * ControlPath, ForwardAgent, IdentityAgent and UserKnownHostsFile are expanded.
 */
export function printedSettings(known: Known): ReadonlyMap<string, readonly string[]> {
  const printed = new Map<string, readonly string[]>([['host', [known.alias]]]);
  for (const { name } of allKeywords()) {
    const values = known.values.effective(name);
    if (values !== undefined && values.length > 0) printed.set(name, values);
  }
  printed.set('user', [known.user]).set('hostname', [known.host]);
  if (known.keyAlias !== undefined) printed.set('hostkeyalias', [known.keyAlias]);
  fillDefaults(printed, known);
  for (const name of clearedByNone) if (known.values.unlessNone(name) === undefined) printed.delete(name);
  expandPaths(printed, known);
  printRoute(printed, known.values);
  return printed;
}

/** Defaults that depend on other values, or on how ssh was built. */
function fillDefaults(printed: Map<string, readonly string[]>, { values, system }: Known): void {
  for (const [name, names] of Object.entries(algorithmKeywords)) {
    const list = assembleAlgorithms(values.first(name), names);
    if (!list) throw new LineProblem(`${name} leaves no algorithm`);
    printed.set(name, [list.join(',')]);
  }
  const fallback = (name: string, value: string) => {
    if (!printed.has(name)) printed.set(name, [value]);
  };
  fallback('serveraliveinterval', system.isDebian && values.first('batchmode') === 'yes' ? '300' : '0');
  fallback('forwardx11trusted', system.isDebian ? 'yes' : 'no');
  fallback('ipqos', system.isDebian ? 'lowdelay throughput' : 'af21 cs1');
  const files = values.all('userknownhostsfile');
  const checksDns = (values.first('verifyhostkeydns') ?? 'false') !== 'false';
  const usual = !files || (files.length === 1 && files[0] === '~/.ssh/known_hosts');
  fallback('updatehostkeys', !checksDns && usual ? 'true' : 'false');
  if (!values.all('identityfile')) {
    printed.set(
      'identityfile',
      defaultIdentities.map((type) => `~/.ssh/id_${type}`),
    );
  }
}

function expandPaths(printed: Map<string, readonly string[]>, { values, path }: Known): void {
  const control = values.unlessNone('controlpath');
  if (control === undefined) printed.delete('controlpath');
  else printed.set('controlpath', [path(control)]);
  for (const name of ['identityagent', 'forwardagent']) {
    const agent = values.first(name);
    if (agent !== undefined) printed.set(name, [path(agent)]);
  }
  for (const name of ['userknownhostsfile', 'globalknownhostsfile']) {
    const files = printed.get(name) ?? [];
    if (/^none$/i.test(files[0] ?? '')) printed.set(name, ['none']);
    else if (name === 'userknownhostsfile') printed.set(name, files.map(path));
  }
}

/** ProxyCommand or ProxyJump, whichever came first; hops before the last one stay as they were written. */
function printRoute(printed: Map<string, readonly string[]>, values: Values): void {
  const written = values.first('proxyjump');
  const jumps = parseJumps(written ?? 'none');
  const last = jumps.at(-1);
  printed.delete('proxyjump');
  if (written !== undefined && last) {
    const before = written.split('#')[0]?.trim().split(',').slice(0, -1) ?? [];
    printed.set('proxyjump', [[...before, formatJumps([last])].join(',')]);
  }
  if (last || values.unlessNone('proxycommand') === undefined) printed.delete('proxycommand');
}
