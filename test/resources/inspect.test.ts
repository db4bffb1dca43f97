import { afterAll, beforeAll, expect, it } from 'vitest';
import { replayDocker } from '../docker/replayed.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { poolLists, poolStatuses } from '../operations/inspect/recorded-zfs.ts';
import { steadyText } from '../tools/structured.ts';

const caller = { signal: new AbortController().signal };
let standIns: StandIns;
let sshd: Sshd;
let scout: TestScout;

beforeAll(async () => {
  standIns = makeStandIns();
  replayDocker(standIns);
  const [list, status] = [
    standIns.keep('list', poolLists['2.1']),
    standIns.keep('status', poolStatuses['2.1']),
  ];
  standIns.install('zpool', `case $1 in list) cat ${list};; *) cat ${status};; esac`);
  const rows = standIns.keep('rows', 'tank\tfilesystem\t5\t6\t7\t1.00\t/tank\n');
  const snapshots = standIns.keep('snapshots', 'tank@a\t1764000000\t0\t96\n');
  standIns.install('zfs', `case "$*" in *snapshot*) cat ${snapshots};; *) cat ${rows};; esac`);
  sshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(sshd.writeConfig('web1'));
});

afterAll(async () => {
  await scout.close();
  await sshd.stop();
  standIns.remove();
});

it.each([
  ['docker://web1', 'docker', undefined, 'hungry'],
  ['compose://web1', 'compose', undefined, 'shop'],
  ['compose://web1/shop', 'compose', 'shop', 'image: scout-test:1'],
  ['zfs://web1', 'zfs', undefined, 'tank'],
  ['zfs://web1/tank', 'zfs', 'tank', 'too many errors'],
  ['zfs://web1/tank/datasets', 'zfs', 'tank/datasets', '/tank'],
  ['zfs://web1/snapshots', 'zfs', 'snapshots', 'tank@a'],
  ['docker://web%2A', 'docker', undefined, 'hungry'],
])('%s is scout_inspect by another door', async (uri, what, name, words) => {
  const read = await scout.scout.answerer.readResource(uri, caller);
  if ('text' in read) throw new Error('a report was expected');
  const text = steadyText(read.answer);
  const twin = await scout.call('scout_inspect', {
    hosts: 'web1',
    what,
    ...(name !== undefined && { name }),
  });
  expect(text).toBe(steadyText(twin));
  expect(text).toContain(words);
});

it.each([
  ['compose://web1/nosuch', 'not_available'],
  ['zfs://web1/-c', 'invalid_argument'],
  ['docker://nosuch', 'unknown_host'],
])('%s rejects with %s', async (uri, code) => {
  await expect(scout.scout.answerer.readResource(uri, caller)).rejects.toMatchObject({ code });
});
