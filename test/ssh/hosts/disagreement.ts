import type { HostBook } from '../../../src/ssh/hosts/host-book.ts';
import type { Answer, Defaults } from './ssh-oracle.ts';

/** Printed on one line each, whatever the number of values. */
const onOneLine = [
  'canonicaldomains',
  'globalknownhostsfile',
  'userknownhostsfile',
  'logverbose',
  'permitremoteopen',
  'canonicalizepermittedcnames',
];

/** None of these decides about a connection of ours. The name itself is not of interest, and older clients do not print it. Forwardings are never honoured and so not printed the same; Debian's own keywords say nothing of a connection. */
const notCompared =
  /^(host|localforward|remoteforward|dynamicforward|escapechar|ipqos|streamlocalbindmask|rekeylimit|updatehostkeys|gssapi(keyexchange|trustdns|renewalforcesrekey|kexalgorithms))$/;

/** Relative lists can only be compared where both sides start from the same. */
const algorithmLists = /algorithms$|^ciphers$|^macs$/;

/** Where our settings of a host are not those that ssh prints: empty when they agree. A keyword
 * on which both keep to their own default agrees. */
export async function disagreements(
  book: HostBook,
  host: string,
  answer: Answer,
  defaults: Defaults,
  signal: AbortSignal = AbortSignal.timeout(10_000),
): Promise<readonly string[]> {
  const ours = await book.resolve(host, signal).then(
    (settings) => settings.all,
    (error: unknown) => String(error),
  );
  if ('error' in answer) {
    return typeof ours === 'string' ? [] : [`${host}: ssh refuses (${answer.error}), we do not`];
  }
  if (typeof ours === 'string') return [`${host}: ssh does not refuse, we do: ${ours}`];
  const found: string[] = [];
  for (const name of new Set([...answer.values.keys(), ...ours.keys()])) {
    if (notCompared.test(name)) continue;
    const [wanted, got] = [printed(name, answer.values), printed(name, ours)];
    // Some versions cannot print the value they have (`compression UNKNOWN`).
    if (wanted === got || wanted === 'UNKNOWN') continue;
    const [usual, ourUsual] = [printed(name, defaults.ssh), printed(name, defaults.ours)];
    if (wanted === usual && got === ourUsual) continue;
    if (algorithmLists.test(name) && usual !== ourUsual) continue;
    found.push(`${host}: ${name}: ssh ${wanted}, ours ${got}`);
  }
  return found;
}

function printed(name: string, values: ReadonlyMap<string, readonly string[]>): string {
  const list = values.get(name);
  return list === undefined ? 'nothing' : list.join(onOneLine.includes(name) ? ' ' : '\n');
}
