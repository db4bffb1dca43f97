import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { makeUser, type TestUser } from '../../fixtures/user.ts';
import { query, scoutWith } from '../pool/query.ts';

let servers: readonly Sshd[];
let users: readonly TestUser[];

beforeAll(async () => {
  [users, servers] = await Promise.all([
    Promise.all([makeUser(), makeUser(), makeUser()]),
    Promise.all([
      startSshd({ authorizedKeys: ({ ed25519 }) => [ed25519] }),
      startSshd({ authorizedKeys: ({ ecdsa }) => [ecdsa] }),
      startSshd({ authorizedKeys: ({ rsa }) => [rsa] }),
      startSshd(),
    ]),
  ]);
});
afterAll(() =>
  Promise.all([...(servers ?? []).map((each) => each.stop()), ...(users ?? []).map((each) => each.remove())]),
);

it('twenty hosts behind one bastion open one connection to it', async () => {
  const [bastion, inner] = [serverAt(0), serverAt(3)];
  const names = Array.from({ length: 20 }, (_, n) => `inner${n}`);
  // aliases with the same settings would be one host
  const blocks = names.map((name, n) =>
    inner.configFor(name, { ProxyJump: 'bastion', ServerAliveInterval: String(100 + n) }),
  );
  const scout = scoutWith(bastion.writeConfig('bastion', ...blocks), { SCOUT_SSH_ENGINE: 'ssh2' });
  const before = [bastion.connectionCount(), inner.connectionCount()] as const;
  const answers = await Promise.all(names.map((name) => query(scout, name, 'true')));
  expect(answers.map(({ exit_code }) => exit_code)).toEqual(names.map(() => 0));
  expect(bastion.connectionCount() - before[0]).toBe(1);
  expect(inner.connectionCount() - before[1]).toBe(20);
  const all = await scout.call('scout_query', { hosts: 'inner*', command: 'true' });
  expect(all.isError).toBe(false);
  expect(bastion.connectionCount() - before[0]).toBe(1);
});

it.each(['ssh2', 'openssh'])('three hops, each with another user, key and port (%s)', async (engine) => {
  const keys = ['ed25519', 'ecdsa', 'rsa'] as const;
  const hops = keys.map((type, n) =>
    serverAt(n).configFor(`hop${n}`, {
      User: users[n]?.name,
      IdentityFile: serverAt(n).keys[type],
      ProxyJump: n === 0 ? undefined : `hop${n - 1}`,
    }),
  );
  const target = serverAt(3).configFor('target', { ProxyJump: 'hop2' });
  const before = servers.map((each) => each.log().length);
  const scout = scoutWith(serverAt(0).writeConfig(...hops, target), { SCOUT_SSH_ENGINE: engine });
  expect(await query(scout, 'target', 'true')).toMatchObject({ exit_code: 0 });
  for (const [n, type] of keys.entries()) {
    const accepted = serverAt(n)
      .log()
      .slice(before[n])
      .match(/^Accepted publickey for \S+|: [A-Z0-9]+ SHA256/gm);
    expect(accepted).toEqual([`Accepted publickey for ${users[n]?.name}`, `: ${type.toUpperCase()} SHA256`]);
  }
  expect(
    serverAt(3)
      .log()
      .slice(before[3])
      .match(/^Accepted publickey/gm),
  ).toHaveLength(1);
});

it('a server that has only post-quantum key exchange is reached behind a bastion too', async () => {
  const modern = await startSshd({ config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });
  onTestFinished(() => modern.stop());
  const inner = modern.configFor('inner', { ProxyJump: 'bastion' });
  const scout = scoutWith(serverAt(0).writeConfig('bastion', inner));
  expect(await query(scout, 'inner', 'true')).toMatchObject({ exit_code: 0 });
});

it.each(['ssh2', 'openssh'])('a bastion that is down is not tried again and again (%s)', async (engine) => {
  const bastion = serverAt(0).configFor('bastion', { Port: '1' });
  const inner = serverAt(3).configFor('inner', { ProxyJump: 'bastion' });
  const scout = scoutWith(serverAt(0).writeConfig(bastion, inner), { SCOUT_SSH_ENGINE: engine });
  const startedMs = performance.now();
  expect((await query(scout, 'inner', 'true')).error?.code).toBe('unreachable');
  expect(performance.now() - startedMs).toBeLessThan(2_000); // the tries at a server that is too busy take longer
});

function serverAt(n: number): Sshd {
  const server = servers[n];
  if (!server) throw new Error(`no server ${n}`);
  return server;
}
