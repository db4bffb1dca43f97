import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { type Result, resultOf } from './structured.ts';

let sshd: Sshd;
let scout: TestScout;
let silent: Server;
let ran: string;

beforeAll(async () => {
  sshd = await startSshd();
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  ran = join(sshd.directory, 'proxy-ran');
  scout = makeScout(
    sshd.writeConfig(
      'web1',
      sshd.configFor('closed', { Port: '1' }),
      sshd.configFor('mute', { Port: String(address.port) }),
      sshd.configFor('behind', { HostName: '192.0.2.1', ProxyJump: 'web1' }),
      sshd.configFor('proxied', { ProxyCommand: `touch ${ran}` }),
      sshd.configFor('10.0.*', { HostName: undefined }),
    ),
  );
});

afterAll(async () => {
  await scout.close();
  silent.close();
  await sshd.stop();
});

async function hosts(args: object = {}): Promise<Record<string, Result>> {
  const result = resultOf('scout_hosts', await scout.call('scout_hosts', args));
  return Object.fromEntries(result.hosts.map((row: Result) => [row.host, row]));
}

describe('without a probe', () => {
  it('lists what the configuration says, and sends no packet', async () => {
    const rows = await hosts();
    expect(Object.keys(rows)).toEqual(['web1', 'closed', 'mute', 'behind', 'proxied']);
    expect(rows.web1).toEqual({
      host: 'web1',
      address: '127.0.0.1',
      port: sshd.port,
      user: 'root',
      connected: false,
    });
    expect(rows.behind).toMatchObject({ address: '192.0.2.1', jump: 'web1' });
    expect(rows.proxied).toMatchObject({ proxy_command: true });
    expect(sshd.connectionCount()).toBe(0);
  });

  it('lists those that were asked for, a name of a wildcard among them', async () => {
    expect(Object.keys(await hosts({ hosts: '*,!mute,!be*' }))).toEqual(['web1', 'closed', 'proxied']);
    expect(await hosts({ hosts: '10.0.0.7' })).toEqual({
      '10.0.0.7': { host: '10.0.0.7', address: '10.0.0.7', connected: false },
    });
    const answer = await scout.call('scout_hosts', { hosts: 'wep1' });
    expect(answer.text).toMatch(/^unknown_host: .*"wep1"\nFix: Did you mean web1\?/);
  });
});

describe('without a host', () => {
  it.each([
    ['zzz', 'web1', 'SCOUT_HOSTS leaves no host of the ssh configuration'],
    ['!*', 'web1', 'SCOUT_HOSTS leaves no host of the ssh configuration'],
    ['', '10.0.*', 'The ssh configuration names no host'],
  ])('says why for SCOUT_HOSTS=%s and Host %s', async (allowed, listed, why) => {
    const empty = makeScout(sshd.writeConfig(listed), { SCOUT_HOSTS: allowed });
    const answer = await empty.call('scout_hosts', {});
    await empty.close();
    expect(answer.text).toContain(why);
    expect(answer.isError).toBe(false);
  });
});

describe('with a probe', () => {
  it('says who answers with a banner, who does not, and why', async () => {
    const answer = await scout.call('scout_hosts', { probe: true });
    const { hosts: rows } = resultOf('scout_hosts', answer);
    const by = Object.fromEntries(rows.map((row: Result) => [row.host, row]));
    expect(by.web1).toMatchObject({
      reachable: true,
      banner: expect.stringMatching(/^SSH-2\.0-OpenSSH/),
      connected: false,
    });
    expect(by.closed).toMatchObject({ reachable: false, probe_error: 'unreachable' });
    expect(by.mute).toMatchObject({ reachable: false, probe_error: 'connect_timeout' });
    expect(by.mute.probe_ms).toBeGreaterThanOrEqual(2_900);
    expect(by.behind).toMatchObject({ reachable: true, probed_jump: 'web1' });
    expect(by.proxied).toMatchObject({ reachable: false, probe_error: 'not_available' });
    expect(() => writeFileSync(ran, '', { flag: 'wx' })).not.toThrow(); // the command never made it
    expect(answer.text).toMatch(/^behind .*SSH-2\.0-OpenSSH\S* .*\(jump web1\)/m);
    expect(sshd.log()).not.toContain('Accepted');
  });
});

it('says who is connected, and what a host last failed with, but not what a path did', async () => {
  await scout.call('scout_read', { targets: ['web1:/nope', 'closed:/etc'] });
  const rows = await hosts({ hosts: 'web1,closed' });
  expect(rows.web1).toMatchObject({ connected: true, engine: 'ssh2', wall: 'full' });
  expect(rows.web1?.last_error).toBeUndefined();
  expect(rows.closed).toMatchObject({ connected: false, last_error: 'unreachable' });
  const { text } = await scout.call('scout_hosts', { hosts: 'web1,closed' });
  expect(text).toMatch(/^2 hosts\n<<<\w+ hosts\nHOST +ADDRESS +USER +JUMP +STATE\n/);
  expect(text).toMatch(/^web1 .* connected by ssh2, full wall$/m);
  expect(text).toMatch(/^closed .* unreachable$/m);
});

it('a table of 1,000 hosts is one page, and its rest is there', async () => {
  const config = sshd.writeConfig(
    ...Array.from({ length: 1_000 }, (_, index) => `Host host-${index}\n  HostName 192.0.2.1\n`),
  );
  const many = makeScout(config);
  const first = resultOf('scout_hosts', await many.call('scout_hosts', {}));
  expect(first.total).toBe(1_000);
  const names: string[] = first.hosts.map(({ host }: Result) => host);
  expect(names.length).toBeGreaterThan(100);
  for (let target = first.hosts_rest; target !== undefined; ) {
    const page = resultOf('scout_read', await many.call('scout_read', { targets: [target] }));
    for (const [, name = ''] of page.text.matchAll(/^(host-\d+) /gm)) names.push(name);
    target = page.text_rest;
  }
  expect(names).toEqual(Array.from({ length: 1_000 }, (_, index) => `host-${index}`));
  await many.close();
});
