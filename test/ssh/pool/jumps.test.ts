import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { query, queryText, scoutWith, times } from './query.ts';

let bastion: Sshd;
let inner: Sshd;
beforeAll(async () => {
  [bastion, inner] = await Promise.all([startSshd(), startSshd()]);
});
afterAll(() => Promise.all([bastion.stop(), inner.stop()]));

function behind(jump: string, count: number): { names: string[]; blocks: string[] } {
  const names = Array.from({ length: count }, (_, n) => `inner${n}`);
  const blocks = names.map((name, n) =>
    inner.configFor(name, { ProxyJump: jump, ServerAliveInterval: String(100 + n) }),
  );
  return { names, blocks };
}

test('several hosts behind one jump share one connection to it', async () => {
  const before = bastion.connectionCount();
  const { names, blocks } = behind('bastion', 4);
  const scout = scoutWith(bastion.writeConfig('bastion', ...blocks));
  const answers = await Promise.all(names.map((name) => queryText(scout, name, `echo ${name}`)));
  expect(answers).toEqual(names.map((name) => `${name}\n`));
  expect(await queryText(scout, 'bastion', 'echo itself')).toBe('itself\n');
  expect(bastion.connectionCount() - before).toBe(1);
});

test('jumps take no place of the pool, and eight hosts behind one share four places', async () => {
  const { names, blocks } = behind('bastion', 8);
  const scout = scoutWith(bastion.writeConfig('bastion', ...blocks), { SCOUT_MAX_POOL_SIZE: '4' });
  const ask = async (name: string) => await queryText(scout, name, `echo ${name}`);
  const all = ['bastion', ...names, ...names, 'bastion'];
  expect(await Promise.all(all.map(ask))).toEqual(all.map((name) => `${name}\n`));
  expect(await Promise.all(names.map(ask))).toEqual(names.map((name) => `${name}\n`));
});

test('a pool of one place serves a jump and the hosts behind it in turns', async () => {
  const { names, blocks } = behind('bastion', 2);
  const scout = scoutWith(bastion.writeConfig('bastion', ...blocks), { SCOUT_MAX_POOL_SIZE: '1' });
  const all = ['bastion', ...names, 'bastion', ...names];
  const ask = async (name: string) => await queryText(scout, name, `echo ${name}`);
  for (const name of all) expect(await ask(name)).toBe(`${name}\n`);
  expect(await Promise.all(all.map(ask))).toEqual(all.map((name) => `${name}\n`));
});

test('three hops, each the jump of the next', async () => {
  const config = bastion.writeConfig(
    'hop1',
    inner.configFor('hop2', { ProxyJump: 'hop1' }),
    bastion.configFor('hop3', { ProxyJump: 'hop2', ServerAliveInterval: '99' }),
    inner.configFor('target', { ProxyJump: 'hop3', ServerAliveInterval: '98' }),
    inner.configFor('listed', { ProxyJump: 'hop1,hop2,hop3' }),
  );
  const scout = scoutWith(config);
  expect(await queryText(scout, 'target', 'echo three')).toBe('three\n');
  expect(times(scout, 'dialed')).toBe(4);
  expect(await queryText(scout, 'listed', 'echo listed')).toBe('listed\n');
});

test('jumps in a circle are refused at once', async () => {
  const config = bastion.writeConfig(
    bastion.configFor('ring1', { ProxyJump: 'ring2' }),
    inner.configFor('ring2', { ProxyJump: 'ring1' }),
  );
  const { error } = await query(scoutWith(config), 'ring1', 'echo');
  expect(error).toMatchObject({ code: 'proxy_failed', message: expect.stringContaining('ring1') });
});

test('after the jump is lost the hosts behind it are connected anew', async () => {
  const { names, blocks } = behind('bastion', 2);
  const scout = scoutWith(bastion.writeConfig('bastion', ...blocks));
  const ask = async (name: string) => await queryText(scout, name, `echo ${name}`);
  expect(await Promise.all(names.map(ask))).toEqual(names.map((name) => `${name}\n`));
  await bastion.killSessions();
  expect(await Promise.all(names.map(ask))).toEqual(names.map((name) => `${name}\n`));
});

test('the failure of a jump is that of the host behind it, and says of which hop', async () => {
  const config = bastion.writeConfig(
    bastion.configFor('nokey', { IdentityFile: '/nonexistent' }),
    inner.configFor('inner', { ProxyJump: 'nokey' }),
    inner.configFor('closed', { ProxyJump: 'bastion', Port: '1' }),
    'bastion',
  );
  const scout = scoutWith(config);
  const login = await query(scout, 'inner', 'echo');
  expect(login.error).toMatchObject({
    code: 'auth_failed',
    message: expect.stringMatching(/^inner: nokey /),
  });
  const port = await query(scout, 'closed', 'echo');
  expect(port.error).toMatchObject({
    code: 'unreachable',
    message: 'closed: the jump bastion cannot connect to 127.0.0.1 port 1',
  });
});

test('a jump that does not forward is named with what to change', async () => {
  const closed = await startSshd({ config: ['AllowTcpForwarding no'] });
  const config = closed.writeConfig('bastion', inner.configFor('inner', { ProxyJump: 'bastion' }));
  const { error } = await query(scoutWith(config), 'inner', 'echo');
  expect(error).toMatchObject({ code: 'proxy_failed', fix: expect.stringContaining('AllowTcpForwarding') });
  expect(error?.message).toMatch(/^inner: the jump bastion /);
  await closed.stop();
});
