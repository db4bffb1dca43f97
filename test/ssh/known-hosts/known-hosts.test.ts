import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreesOnGenerated, both, type Judges, ownKeys, type Scenario, startJudges } from './against-ssh.ts';

let judges: Judges;

beforeAll(async () => {
  judges = await startJudges();
});

afterAll(async () => {
  await judges?.stop();
});

describe('known_hosts', () => {
  it('accepts and refuses exactly where ssh does, in every form that sshd(8) describes', async () => {
    const { all, foreign } = judges;
    const [ed = '', ecdsa = '', rsa = ''] = ownKeys(all);
    const [wrong = '', , wrongRsa = ''] = foreign;
    const H = `[127.0.0.1]:${all.port}`;
    const cases: Record<string, string | Scenario> = {
      plain: `${H} ${ed}`,
      hashed: `${hashed(H)} ${ed}`,
      'hashed without port': `${hashed('127.0.0.1')} ${ed}`,
      'a list of names': `foo,${H},bar ${ed}`,
      wildcard: `[127.0.0.*]:* ${ed}`,
      'wildcard without port': `127.0.0.* ${ed}`,
      'a star': `* ${ed}`,
      negated: `*,!${H} ${ed}`,
      'negated elsewhere': `[127.*]:${all.port},![10.*]:* ${ed}`,
      revoked: `${H} ${ed}\n@revoked * ${ed}`,
      'revoked before it is listed': `@revoked * ${ed}\n${H} ${ed}`,
      'another key revoked': `${H} ${ed}\n@revoked * ${wrong}`,
      changed: `${H} ${wrong}`,
      'changed, and the right one too': `${H} ${wrong}\n${H} ${ed}`,
      'known by another type only': `${H} ${rsa}`,
      'changed in another type only': `${H} ${wrongRsa}`,
      'several types': `${H} ${rsa}\n${H} ${ecdsa}\n${H} ${ed}`,
      'known without port': `127.0.0.1 ${ed}`,
      'another key without port': `127.0.0.1 ${wrong}`,
      'revoked without port': `@revoked 127.0.0.1 ${ed}`,
      'revoked without port, accept-new': { user: `@revoked 127.0.0.1 ${ed}`, checking: 'accept-new' },
      'both without port, accept-new': {
        user: `127.0.0.1 ${ed}`,
        global: `@revoked 127.0.0.1 ${ed}`,
        checking: 'accept-new',
      },
      'another type without port': `127.0.0.1 ${rsa}`,
      'another key with port, the right one without': `${H} ${wrong}\n127.0.0.1 ${ed}`,
      'a CA that the server has no certificate of': `@cert-authority ${H} ${ed}`,
      comments: `# x\n\n   ${H} ${ed} some comment here`,
      'CR LF': `${H} ${ed}\r\n`,
      'lines of garbage': `garbage line\n${H} ssh-ed25519 !!!!\n${H} ${ed}`,
      tabs: `${H}\t${ed.replace(' ', '\t')}`,
      empty: '',
      'only in the global file': { user: '', global: `${H} ${ed}` },
      'changed in the user’s file, right in the global one': { user: `${H} ${wrong}`, global: `${H} ${ed}` },
      'by its alias': { user: `db ${ed}`, alias: 'db' },
      'by its alias with the port': { user: `[db]:${all.port} ${ed}`, alias: 'db' },
      'by its alias in capitals': { user: `DB ${ed}`, alias: 'DB' },
      'by its address though it has an alias': { user: `${H} ${ed}`, alias: 'db' },
      'only RSA allowed, only ed25519 known': { user: `${H} ${ed}`, algorithms: ['rsa-sha2-512'] },
      'an order of the user’s own that is the usual one': {
        user: `${H} ${rsa}`,
        algorithms: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512'],
      },
      'an order of the user’s own': { user: `${H} ${ed}`, algorithms: ['rsa-sha2-512', 'ssh-ed25519'] },
      'unknown, accept-new': { user: '', checking: 'accept-new' },
      'changed, accept-new': { user: `${H} ${wrong}`, checking: 'accept-new' },
      'changed, no': { user: `${H} ${wrong}`, checking: 'no' },
      'revoked, no': { user: `@revoked ${H} ${ed}`, checking: 'no' },
      'known without port, accept-new': { user: `127.0.0.1 ${ed}`, checking: 'accept-new' },
      'from KnownHostsCommand': { user: '', command: `/bin/echo '%H' ${ed}` },
      'KnownHostsCommand with its tokens': {
        user: '',
        command: `/bin/sh -c 'test "$1" = ORDER || test "$3 $4" = "$5 $6" && echo "$2 $5 $6"' sh %I %H %t %K ${ed}`,
      },
      'a KnownHostsCommand that fails': { user: `${H} ${ed}`, command: '/bin/false' },
      'a KnownHostsCommand that is not there': { user: `${H} ${ed}`, command: '/no/such/program %H' },
      'a KnownHostsCommand that is not there, for an unknown key': { user: '', command: '/no/such/program' },
      'a KnownHostsCommand without its directory': { user: '', command: `echo %H ${ed}` },
    };
    const disagreements: string[] = [];
    let accepted = 0;
    for (const [name, given] of Object.entries(cases)) {
      const scenario = typeof given === 'string' ? { user: given } : given;
      const { ssh, scout } = await both(all, scenario, name.replace(/\W/g, '-'));
      if (JSON.stringify(ssh) !== JSON.stringify(scout))
        disagreements.push(`${name}: ssh ${JSON.stringify(ssh)}, scout ${JSON.stringify(scout)}`);
      if (ssh.accepted) accepted += 1;
    }
    expect(disagreements).toEqual([]);
    expect(accepted).toBeGreaterThan(15);
    expect(accepted).toBeLessThan(Object.keys(cases).length - 10);
  });

  it('agrees with ssh on generated files', async () => {
    await agreesOnGenerated(judges, 20);
  });
});

function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
