import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { until } from '../fixtures/until.ts';
import { resultOf } from '../tools/structured.ts';
import { image } from './containers.ts';
import { type Engine, startEngine } from './engine.ts';

let engine: Engine;
let standIns: StandIns;
let sshd: Sshd;
let scout: TestScout;

beforeAll(async () => {
  engine = await startEngine();
  const run = (name: string, service: string, script: string) =>
    engine.docker(
      ...['run', '-d', '--name', name, '--network', 'none', '-l', 'com.docker.compose.project=shop'],
      ...['-l', `com.docker.compose.service=${service}`, image, '/bin/sh', '-c', `${script}; sleep 1000`],
    );
  run('shop-web-1', 'web', 'echo one; echo two >&2; sleep 2; echo ERROR three');
  run('shop-db-1', 'db', 'sleep 1; echo ready');
  await until(() => engine.docker('logs', 'shop-web-1').includes('three'), 20_000);
  standIns = makeStandIns(engine.mounts);
  sshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(sshd.writeConfig('web1'));
}, 120_000);

afterAll(async () => {
  await scout?.close();
  await sshd?.stop();
  standIns?.remove();
  await engine?.stop();
}, 60_000);

describe('with a real engine, scout_logs', () => {
  const read = async (source: string, more: object = {}) =>
    await scout.call('scout_logs', { hosts: 'web1', source, ...more });
  const texts = async (source: string, more: object = {}): Promise<string[]> =>
    resultOf('scout_logs', await read(source, more))
      .log.split('\n')
      .slice(0, -1)
      .map((line: string) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /, ''));

  it('reads both streams of a container, all or the newest', async () => {
    expect((await texts('docker:shop-web-1')).sort()).toEqual(['ERROR three', 'one', 'two']);
    expect(await texts('docker:shop-web-1', { limit: 1 })).toEqual(['ERROR three']);
    expect(await texts('docker:shop-web-1', { pattern: '^(ERR|db)' })).toEqual(['ERROR three']);
    expect(await texts('docker:shop-web-1', { since: '1h' })).toHaveLength(3);
    expect(await texts('docker:shop-web-1', { since: new Date(Date.now() + 60_000).toISOString() })).toEqual(
      [],
    );
  });

  it('reads a project in the order of time, and one service of it', async () => {
    expect((await texts('compose:shop')).slice(2)).toEqual(['db | ready', 'web | ERROR three']);
    expect(await texts('compose:shop/db')).toEqual(['db | ready']);
  });

  it('says what is not there', async () => {
    for (const source of ['docker:nosuch', 'compose:nosuch', 'compose:shop/nosuch'])
      expect((await read(source)).error?.code).toBe('not_available');
    expect((await read('docker:nosuch', { pattern: 'x' })).text).toContain('no container "nosuch"');
  });

  it('completes names of containers and projects', async () => {
    const complete = async (template: string, variable: string) =>
      (
        await scout.scout.answerer.complete(
          { template },
          { variable, prefix: 'sh', chosen: { host: 'web1' } },
          { signal: new AbortController().signal },
        )
      ).values;
    expect(await complete('docker://{host}/{container}/logs', 'container')).toEqual([
      'shop-db-1',
      'shop-web-1',
    ]);
    expect(await complete('compose://{host}/{project}/logs', 'project')).toEqual(['shop']);
  });
});
