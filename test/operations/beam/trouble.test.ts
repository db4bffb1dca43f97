import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { ScoutError } from '../../../src/errors.ts';
import { copyFile } from '../../../src/operations/beam/copy-file.ts';
import { Pace } from '../../../src/operations/beam/pace.ts';
import type { OpenTarget } from '../../../src/operations/beam/side.ts';
import { RemoteArea } from '../../../src/ssh/sftp/transfer/remote-area.ts';
import { scoutBeam } from '../../../src/tools/scout-beam.ts';
import { startProxy, type TestProxy } from '../../fixtures/proxy.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { linesOf } from '../../observe/audit-fixtures.ts';
import { poolOf } from '../../ssh/pool/pool.ts';
import { type BeamPlace, makePlace, parts, sha256, someFile } from './beam.ts';

let sshd: Sshd;
let bare: Sshd;
let proxy: TestProxy;
let user: TestUser;
let place: BeamPlace;
let config: string;
const more: BeamPlace[] = [];
const mounts: string[] = [];

beforeAll(async () => {
  user = await makeUser({ shell: 'nologin' });
  sshd = await startSshd({ config: [`Match User ${user.name}`, 'ForceCommand internal-sftp'] });
  bare = await startSshd({ sftp: false });
  proxy = await startProxy({ targetPort: sshd.port });
  const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(proxy.port)));
  writeFileSync(sshd.knownHostsFile, `${[...sshd.hostKeyLines, ...lines].join('\n')}\n`);
  config = sshd.writeConfig(
    'web1',
    sshd.configFor('files', { User: user.name }),
    sshd.configFor('slow', { Port: String(proxy.port) }),
    bare.configFor('bare'),
  );
  place = makePlace(config);
});

afterAll(async () => {
  for (const mount of mounts) execFileSync('umount', ['-l', mount]);
  for (const each of [place, ...more]) await each.close();
  await proxy.stop();
  await Promise.all([sshd.stop(), bare.stop()]);
  await user.remove();
});

const beam = async (args: object, by = place, caller = {}) => await by.scout.call('scout_beam', args, caller);

function mounted(name: string, ...options: readonly string[]): string {
  const path = join(place.there, name);
  mkdirSync(path);
  execFileSync('mount', [...options, path]);
  mounts.push(path);
  return path;
}

describe('a host', () => {
  it('that gives SFTP and no shell is copied from and to, verified by reading back', async () => {
    chmodSync(place.there, 0o755);
    const path = someFile(place.here, 'sftp-only', 700_000);
    const up = await beam({ from: path, to: 'files:sftp-only' });
    expect(up.structured.results).toMatchObject([{ verified: true, sha256: sha256(path) }]);
    expect(sha256(join(user.home, 'sftp-only'))).toBe(sha256(path));
    const down = await beam({ from: 'files:sftp-only', to: join(place.here, 'back') });
    expect(down.structured.results).toMatchObject([{ verified: true, sha256: sha256(path) }]);
  });

  it('without SFTP is said to have none, and how it gets it', async () => {
    const answer = await beam({ from: 'bare:/etc/hostname', to: join(place.here, 'bare') });
    expect(answer.error).toMatchObject({ code: 'no_sftp', fix: expect.stringContaining('Subsystem sftp') });
  });

  it('whose account may not write there says so, and keeps no part', async () => {
    const shut = join(user.home, 'shut');
    mkdirSync(shut, { mode: 0o555 });
    chownSync(shut, 0, 0);
    const answer = await beam({ from: someFile(place.here, 'denied', 10), to: 'files:shut/x' });
    expect(answer.error).toMatchObject({ code: 'permission_denied' });
  });
});

it('A directory whose names may be read and no more is no empty one', async () => {
  const blind = join(user.home, 'blind');
  for (const name of ['word', 'empty']) mkdirSync(join(blind, name), { recursive: true });
  someFile(join(blind, 'word'), 'word', 10);
  chmodSync(join(blind, 'word'), 0o644);
  const top = await beam({ from: 'files:blind/word', to: join(place.here, 'blind'), recursive: true });
  expect(top.error).toMatchObject({ code: 'permission_denied' });
  const tree = await beam({ from: 'files:blind', to: join(place.here, 'blind'), recursive: true });
  expect(tree.text).toMatch(/word.*permission_denied/);
  expect(tree.text).not.toMatch(/empty.*permission_denied/);
});

it('A directory that may not be read or written at the target is named, and the others are copied', async () => {
  const tree = join(place.here, 'partly');
  for (const name of ['open', 'shut/deep', 'still/new']) mkdirSync(join(tree, name), { recursive: true });
  for (const name of ['open/a', 'shut/b', 'shut/deep/c', 'still/new/d']) someFile(tree, name, 10);
  const there = join(user.home, 'partly');
  for (const name of ['', 'shut', 'still']) mkdirSync(join(there, name));
  chownSync(there, Number(user.uid), Number(user.uid));
  chmodSync(join(there, 'shut'), 0o700);
  const answer = await beam({ from: tree, to: 'files:partly', recursive: true });
  expect(answer.structured.results).toMatchObject([{ files: 1, failed_count: 3, directories: 3 }]);
  expect(answer.text).toMatch(/^shut: permission_denied: .*$/m);
  expect(answer.text).toMatch(/^still\/new: permission_denied: /m);
  expect(answer.text).toMatch(/^still: permission_denied: /m);
  expect(sha256(join(there, 'open/a'))).toBe(sha256(join(tree, 'open/a')));
  expect(statSync(join(there, 'shut')).mode & 0o777).toBe(0o700);
});

describe('a disk', () => {
  it('that becomes full leaves the old file, and says so and which part stays', async () => {
    const small = mounted('small', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs');
    const old = someFile(small, 'target', 1_000);
    const before = sha256(old);
    const path = someFile(place.here, 'too-big', 2_000_000);
    const answer = await beam({ from: path, to: `web1:${old}`, overwrite: true });
    expect(answer.error).toMatchObject({
      code: 'transfer_failed',
      message: expect.stringContaining('is full'),
    });
    expect(sha256(old)).toBe(before);
    expect(answer.text).toContain(parts(small)[0] ?? 'a part');
  });

  it('on this machine that becomes full leaves the old file too', async () => {
    const small = join(place.here, 'small-here');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', small]);
    mounts.push(small);
    const old = someFile(small, 'target', 1_000);
    const before = sha256(old);
    const path = someFile(place.there, 'too-big', 2_000_000);
    const answer = await beam({ from: `web1:${path}`, to: old, overwrite: true });
    expect(answer.error).toMatchObject({ code: 'transfer_failed', message: expect.stringContaining('full') });
    expect(sha256(old)).toBe(before);
  });

  it('that is read-only is said to be so', async () => {
    const shut = mounted('read-only', '-t', 'tmpfs', '-o', 'ro', 'tmpfs');
    const answer = await beam({ from: someFile(place.here, 'ro', 10), to: `web1:${shut}/x` });
    expect(answer.error).toMatchObject({
      code: 'transfer_failed',
      message: expect.stringContaining('read-only'),
    });
  });
});

describe('a copy', () => {
  it('tells bytes, rate and time left, and always more', async () => {
    const path = someFile(place.there, 'progress', 3_000_000);
    const told: { done: number; total?: number; message?: string }[] = [];
    proxy.setDelay(20);
    await beam({ from: `slow:${path}`, to: join(place.here, 'progress') }, place, {
      progress: (one: { done: number }) => told.push(one),
    });
    proxy.setDelay(0);
    expect(told.length).toBeGreaterThan(0);
    expect(told.every(({ done }, index) => index === 0 || done > (told[index - 1]?.done ?? 0))).toBe(true);
    expect(told[0]).toMatchObject({ total: 3_000_000, message: expect.stringMatching(/ of 2\.9 MiB/) });
  });

  it('that is cancelled stops, leaves its part, and goes on later', async () => {
    const path = someFile(place.here, 'cancelled', 40_000_000);
    const controller = new AbortController();
    const begin = proxy.bytes().fromClients;
    const answer = beam({ from: path, to: `slow:${place.there}/cancelled` }, place, {
      signal: controller.signal,
    });
    answer.catch(() => {});
    await until(() => proxy.bytes().fromClients - begin > 25_000_000);
    controller.abort(new ScoutError('cancelled', 'cancelled', 'Call again.'));
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(join(place.there, 'cancelled'))).toBe(false);
    expect(parts(place.there).filter((name) => name.startsWith('.cancelled.'))).toHaveLength(1);
    const again = await beam({ from: path, to: `slow:${place.there}/cancelled` });
    expect(again.structured.results).toMatchObject([{ resumed_at: expect.any(Number) }]);
    expect(sha256(join(place.there, 'cancelled'))).toBe(sha256(path));
  });

  it('does not go on with a part that is not the beginning of its source', async () => {
    const path = someFile(place.here, 'other', 2_000_000);
    const target = `web1:${place.there}/other`;
    // a first copy names the part: see what it is called by breaking it off
    const broken = someFile(place.here, 'other', 2_000_000);
    const controller = new AbortController();
    const first = beam({ from: broken, to: target }, place, { signal: controller.signal });
    first.catch(() => {});
    await until(
      () =>
        parts(place.there).some((name) => name.startsWith('.other.')) ||
        existsSync(join(place.there, 'other')),
    );
    controller.abort(new ScoutError('cancelled', 'cancelled', 'Call again.'));
    await first.catch(() => {});
    someFile(place.here, 'other', 2_000_000);
    await beam({ from: path, to: target, overwrite: true });
    expect(sha256(join(place.there, 'other'))).toBe(sha256(path));
  });

  it('that stalls ends, where nothing else would end it', async () => {
    const path = someFile(place.there, 'stalls', 30_000_000);
    const other = await startProxy({ targetPort: sshd.port });
    const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(other.port)));
    appendFileSync(sshd.knownHostsFile, `${lines.join('\n')}\n`);
    const { pool, call } = poolOf(sshd.writeConfig(sshd.configFor('stalling', { Port: String(other.port) })));
    const pace = new Pace(call, 400);
    const { denyPaths } = loadConfig({});
    try {
      const copying = pool.use('stalling', { ...call, signal: pace.signal }, (session) =>
        session.bulk(pace.signal, async (bulk) => {
          const source = await new RemoteArea(bulk, path, denyPaths).openSource([], { follow: true });
          pace.start(30_000_000);
          other.silence();
          return await copyFile(source, nowhere, pace);
        }),
      );
      await expect(copying).rejects.toMatchObject({
        code: 'transfer_failed',
        message: expect.stringContaining('stalled'),
      });
    } finally {
      pace.end();
      await other.stop();
      await pool.end(0);
    }
  });

  it('of a file that grows copies what was there, and says so', async () => {
    const path = someFile(place.there, 'grows', 8_000_000);
    const before = sha256(path);
    const begin = proxy.bytes().fromTarget;
    const answer = beam({ from: `slow:${path}`, to: join(place.here, 'grows') });
    await until(() => proxy.bytes().fromTarget - begin > 1_000_000);
    appendFileSync(path, 'more');
    expect((await answer).structured.results).toMatchObject([{ size: 8_000_000, sha256: before }]);
    expect(statSync(join(place.here, 'grows')).size).toBe(8_000_000);
  });

  it('of a file that shrinks fails, and leaves nothing', async () => {
    proxy.setDelay(30);
    const path = someFile(place.there, 'shrinks', 30_000_000);
    const begin = proxy.bytes().fromTarget;
    const answer = beam({ from: `slow:${path}`, to: join(place.here, 'shrinks') });
    await until(() => proxy.bytes().fromTarget - begin > 1_000_000);
    truncateSync(path, 1_000);
    expect((await answer).error).toMatchObject({
      code: 'verify_failed',
      message: expect.stringContaining('shrank'),
    });
    proxy.setDelay(0);
    expect(existsSync(join(place.here, 'shrinks'))).toBe(false);
    expect(parts(place.here).filter((name) => name.startsWith('.shrinks.'))).toEqual([]);
  });

  it('leaves the channel that reads alone, and small calls answer while it runs', async () => {
    const path = someFile(place.there, 'bulk', 100_000_000);
    let isDone = false;
    const copying = beam({ from: `web1:${path}`, to: join(place.here, 'bulk') }).finally(() => {
      isDone = true;
    });
    const targets = ['web1:/etc/hostname'];
    const wasDone: boolean[] = [];
    for (let count = 0; count < 5; count += 1) {
      const read = await place.scout.call('scout_read', { targets });
      expect(read.isError).toBe(false);
      wasDone.push(isDone);
    }
    expect(wasDone).toContain(false);
    expect((await copying).isError).toBe(false);
  });

  it('that is off says so', async () => {
    const off = makePlace(config, { SCOUT_BEAM: 'off' });
    more.push(off);
    const signal = new AbortController().signal;
    const answer = await off.scout.scout.answerer.callTool(
      scoutBeam,
      { from: 'web1:/etc/hostname', to: 'x' },
      { signal },
    );
    expect(answer.error).toMatchObject({ code: 'beam_disabled' });
  });

  it('stands in the audit log with both hosts and paths', async () => {
    const file = join(place.here, 'audit.jsonl');
    const audited = makePlace(config, { SCOUT_AUDIT_LOG: file });
    more.push(audited);
    const path = someFile(audited.there, 'audited', 5_000);
    await beam({ from: `web1:${path}`, to: `slow:${audited.there}/copy` }, audited);
    const said = linesOf(file).map(({ event, host, path: of, outcome, bytes }) => [
      event,
      host,
      of,
      outcome,
      bytes,
    ]);
    const text = JSON.stringify(said);
    expect(text).toContain(JSON.stringify(['web1', path]).slice(1, -1));
    expect(text).toContain(JSON.stringify(['slow', `${audited.there}/copy`]).slice(1, -1));
    expect(text).toContain('5000');
  });
});

describe('the person at the client', () => {
  const asking = (answer: boolean, canAsk = true) => {
    const asked: string[] = [];
    const client = {
      ask: async (question: string) => asked.push(question) > 0 && answer,
      canAsk: () => canAsk,
      roots: async () => [],
    };
    const made = makePlace(config, { SCOUT_BEAM_CONFIRM_SIZE: '1000' }, client);
    more.push(made);
    return { made, asked };
  };

  it('is asked before a large copy and before a replacement, and a no is one', async () => {
    const { made, asked } = asking(false);
    const large = someFile(made.here, 'large', 2_000);
    const answer = await beam({ from: large, to: `web1:${made.there}/large` }, made);
    expect(answer.error).toMatchObject({
      code: 'command_refused',
      message: expect.stringContaining('did not agree'),
    });
    expect(existsSync(join(made.there, 'large'))).toBe(false);
    const small = someFile(made.here, 'small', 10);
    expect((await beam({ from: small, to: `web1:${made.there}/small` }, made)).isError).toBe(false);
    await beam({ from: small, to: `web1:${made.there}/small`, overwrite: true }, made);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatch(/^Copy 2\.0 KiB from .*large to web1:.*large\?$/);
    expect(asked[1]).toContain('will be replaced');
  });

  it('who agrees has it done, and who cannot be asked as well', async () => {
    for (const [answer, canAsk] of [
      [true, true],
      [false, false],
    ] as const) {
      const { made, asked } = asking(answer, canAsk);
      const large = someFile(made.here, 'large', 2_000);
      expect((await beam({ from: large, to: `web1:${made.there}/large` }, made)).isError).toBe(false);
      expect(asked).toHaveLength(canAsk ? 1 : 0);
    }
  });
});

/** A target that takes everything. */
const nowhere: OpenTarget = {
  partBytes: 0,
  partShown: 'nowhere',
  follow: () => undefined,
  flush: () => {},
  async *read() {},
  digest: async () => undefined,
  write: async () => {},
  settle: async () => {},
  truncate: async () => {},
  pull: () => undefined,
  commit: async () => {},
  keep: async () => false,
  discard: async () => {},
};
