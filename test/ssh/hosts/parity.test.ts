import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalCorpus } from './corpus-canonical.ts';
import { connectionCorpus } from './corpus-connection.ts';
import { filesCorpus } from './corpus-files.ts';
import { matchingCorpus } from './corpus-matching.ts';
import { valuesCorpus } from './corpus-values.ts';
import { disagreements } from './disagreement.ts';
import { type Answer, type Defaults, type Lookup, SshOracle } from './ssh-oracle.ts';

const corpus = [...matchingCorpus, ...canonicalCorpus, ...valuesCorpus, ...connectionCorpus, ...filesCorpus];
const oracle = new SshOracle();
const answers = new Map<string, Answer>();
let defaults: Defaults;

beforeAll(async () => {
  const lookups = corpus.flatMap(({ files, hosts }) => hosts.map((host): Lookup => ({ files, host })));
  const keys = corpus.flatMap(({ name, hosts }) => hosts.map((host) => `${name}\0${host}`));
  for (const [index, answer] of oracle.ask(lookups).entries()) answers.set(keys[index] ?? '', answer);
  defaults = await oracle.defaults();
});
afterAll(() => oracle.close());

function answerTo(name: string, host: string): Answer {
  const answer = answers.get(`${name}\0${host}`);
  if (!answer) throw new Error(`ssh was not asked for ${host} of ${name}`);
  return answer;
}

describe('settings are those of ssh -G', () => {
  const version = oracle.version();
  it.each(corpus.filter(({ since = 0 }) => since <= version))('$name', async ({ name, files, hosts }) => {
    const book = oracle.book(files);
    const found: string[] = [];
    for (const host of hosts)
      found.push(...(await disagreements(book, host, answerTo(name, host), defaults)));
    expect(found).toEqual([]);
  });

  it('and every keyword that decides about a connection is covered by a value of its own', () => {
    const wanted =
      `hostname user port identityfile identitiesonly identityagent certificatefile proxyjump proxycommand
      userknownhostsfile globalknownhostsfile knownhostscommand hostkeyalias stricthostkeychecking hostkeyalgorithms
      kexalgorithms ciphers macs pubkeyacceptedalgorithms connecttimeout connectionattempts serveraliveinterval
      serveralivecountmax addressfamily bindaddress compression preferredauthentications gssapiauthentication
      pkcs11provider controlpath canonicalizehostname canonicaldomains canonicalizemaxdots canonicalizefallbacklocal
      canonicalizepermittedcnames`.split(/\s+/);
    const seen = new Set<string>();
    for (const answer of answers.values()) {
      if ('error' in answer) continue;
      for (const [name, list] of answer.values) {
        if (list.join() !== defaults.ssh.get(name)?.join()) seen.add(name);
      }
    }
    expect(wanted.filter((name) => !seen.has(name))).toEqual([]);
    expect(corpus.length).toBeGreaterThanOrEqual(60);
  });
});
