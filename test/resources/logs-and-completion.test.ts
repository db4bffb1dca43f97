import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { replayDockerLogs } from '../fixtures/recorded-docker-logs.ts';
import { unpackJournal } from '../fixtures/recorded-journal.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { steadyText } from '../tools/structured.ts';

const caller = { signal: new AbortController().signal };
let root: string;
let standIns: StandIns;
let sshd: Sshd;
let scout: TestScout;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'scout-completion-'));
  standIns = makeStandIns();
  standIns.install('journalctl', `exec /usr/bin/journalctl -D '${unpackJournal(root)}' "$@"`);
  standIns.install('zpool', 'printf "%s\\n" tank backup');
  replayDockerLogs(standIns);
  mkdirSync(join(root, 'secret'));
  mkdirSync(join(root, 'sub'));
  mkdirSync(join(root, 'many'));
  for (const name of ['apple', 'apply', 'ap\u202eple', 'ap\nple', 'appsecret'])
    writeFileSync(join(root, name), '');
  for (let at = 0; at < 150; at += 1) writeFileSync(join(root, 'many', `f${at}`), '');
  sshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(sshd.writeConfig('web1', 'web2'), {
    SCOUT_DENY_PATHS: `${root}/secret/**,${root}/appsecret`,
    SCOUT_AUDIT_LOG: join(root, 'audit'),
  });
  await scout.call('scout_query', { hosts: 'web1', command: 'true' });
});

afterAll(async () => {
  await scout.close();
  await sshd.stop();
  standIns.remove();
  rmSync(root, { recursive: true, force: true });
});

async function complete(template: string, variable: string, prefix: string, chosen = {}) {
  const asked = { variable, prefix, chosen };
  return (await scout.scout.answerer.complete({ template }, asked, caller)).values;
}

const path = 'scout://{host}/{+path}';
const container = 'docker://{host}/{container}/logs';
const project = 'compose://{host}/{project}/logs';
const pool = 'zfs://{host}/{pool}';
const on = (host: string) => ({ host });

it.each([
  ['syslog://web1', 'system'],
  ['docker://web1/shop-web-1/logs', 'docker:shop-web-1'],
  ['compose://web1/shop/logs', 'compose:shop'],
])('%s is scout_logs with source %s', async (uri, source) => {
  const read = await scout.scout.answerer.readResource(uri, caller);
  const twin = await scout.call('scout_logs', { hosts: 'web1', source });
  if ('text' in read) throw new Error('no answer');
  expect(steadyText(read.answer)).toBe(steadyText(twin));
  expect(twin.text).toContain('2026-11-21T14:');
});

it('a log that is not there is the error of its tool', async () => {
  await expect(scout.scout.answerer.readResource('docker://web1/nosuch/logs', caller)).rejects.toMatchObject({
    code: 'not_available',
  });
  await expect(scout.scout.answerer.readResource('docker://web1/-f/logs', caller)).rejects.toMatchObject({
    code: 'invalid_argument',
  });
});

describe('completion', () => {
  it('offers what is on a host that is connected', async () => {
    expect(await complete(container, 'container', '', on('web1'))).toEqual([
      'nolog',
      'shop-db-1',
      'shop-web-1',
    ]);
    expect(await complete(container, 'container', 'shop-w', on('web1'))).toEqual(['shop-web-1']);
    expect(await complete(project, 'project', '', on('web1'))).toEqual(['shop']);
    expect(await complete(pool, 'pool', '', on('web1'))).toEqual(['backup', 'tank']);
    expect(await complete(path, 'path', 'etc/hostn', on('web1'))).toEqual(['etc/hostname']);
    expect(await complete(path, 'path', 'et', on('web1'))).toEqual(['etc/']);
  });

  it('dials no host, and needs to know which', async () => {
    const connections = sshd.connectionCount();
    for (const chosen of [on('web2'), on('nosuch'), {}]) {
      expect(await complete(path, 'path', 'etc/', chosen)).toEqual([]);
      expect(await complete(container, 'container', '', chosen)).toEqual([]);
    }
    expect(sshd.connectionCount()).toBe(connections);
  });

  it('offers no path that is denied, and none that is not written as it is shown', async () => {
    const below = root.slice(1);
    expect(await complete(path, 'path', `${below}/`, on('web1'))).toEqual(
      ['apple', 'apply', 'audit', 'journal/', 'many/', 'sub/'].map((name) => `${below}/${name}`),
    );
    expect(await complete(path, 'path', `${below}/secret/`, on('web1'))).toEqual([]);
    expect(await complete(path, 'path', `${below}/../`, on('web1'))).toEqual([]);
    expect(await complete(path, 'path', `${below}/apple/`, on('web1'))).toEqual([]);
    expect(await complete(path, 'path', 'nowhere/', on('web1'))).toEqual([]);
  });

  it('is in the audit log where a machine was asked, and only there', async () => {
    const lines = () => readFileSync(join(root, 'audit'), 'utf8').trim().split('\n');
    const before = lines().length;
    await complete(path, 'host', 'w');
    await complete(path, 'path', 'etc/', on('web2'));
    expect(lines()).toHaveLength(before);
    await complete(path, 'path', 'etc/hostn', on('web1'));
    await complete(pool, 'pool', '', on('web1'));
    const added = lines().slice(before).join('\n');
    expect(added).toContain('scout://{host}/{+path}');
    expect(added).toContain('"/etc"');
    expect(added).toContain('zpool');
    expect(lines().length - before).toBe(8);
  });

  it('of a machine that does not answer is nothing, in time', async () => {
    standIns.install('zpool', 'sleep 30');
    const startedMs = performance.now();
    expect(await complete(pool, 'pool', '', on('web1'))).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });
});

it('the list of templates is as long with a thousand hosts', () => {
  expect(resources.length).toBeLessThan(20);
  expect(new Set(resources.map(({ uri }) => uri)).size).toBe(resources.length);
});
