import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultDenyPaths, parseDenyPaths } from '../../../src/deny-paths.ts';
import { ScoutError } from '../../../src/errors.ts';
import { patternPieces } from '../../../src/name-pattern.ts';
import type { ReadOutcome, ReadRequest } from '../../../src/ssh/files.ts';
import { createSftpDoor, type SftpDoor } from '../../../src/ssh/sftp/door.ts';
import { startProxy } from '../../fixtures/proxy.ts';
import { makeNames, makeQuickDirectory } from '../../fixtures/quick-files.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { connectClient, type TestClient } from './channel.ts';

/** All but the file that has no readable content. */
const denied = parseDenyPaths(['default', '!/proc/*/mem']) ?? defaultDenyPaths();

const never = () => new AbortController().signal;
let sshd: Sshd;
let user: TestUser;
let root: TestClient;
let ordinary: TestClient;
let door: SftpDoor;
let userDoor: SftpDoor;

beforeAll(async () => {
  sshd = await startSshd();
  user = await makeUser();
  root = await connectClient(sshd);
  ordinary = await connectClient(sshd, user.name);
  door = createSftpDoor(root.sftp, denied);
  userDoor = createSftpDoor(ordinary.sftp, denied);
});

afterAll(async () => {
  root.client.end();
  ordinary.client.end();
  await user.remove();
  await sshd.stop();
});

function ask(path: string, more: Partial<ReadRequest> = {}): ReadRequest {
  return { path, firstLine: 1, lines: undefined, maxBytes: 1024 * 1024, depth: 1, ...more };
}

async function file(path: string, more: Partial<ReadRequest> = {}, through = door) {
  const outcome = await through.read(ask(path, more), never());
  if (outcome.what !== 'file') throw new Error(`not a file but ${outcome.what}`);
  return { ...outcome, text: Buffer.from(outcome.content).toString() };
}

async function directory(path: string, more: Partial<ReadRequest> = {}, through = door) {
  const outcome = await through.read(ask(path, more), never());
  if (outcome.what !== 'directory') throw new Error(`not a directory but ${outcome.what}`);
  return { ...outcome, names: outcome.entries.map((entry) => Buffer.from(entry.path).toString()) };
}

function put(name: string, content: string | Buffer): string {
  const path = join(sshd.directory, name);
  writeFileSync(path, content);
  return path;
}

async function failure(promise: Promise<ReadOutcome>): Promise<ScoutError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof ScoutError)) throw new Error(`not a ScoutError: ${String(error)}`);
  return error;
}

describe('reading a file', () => {
  it('gives content and facts', async () => {
    const path = put('note', 'one\ntwo\n');
    chmodSync(path, 0o4640);
    chownSync(path, user.uid, 4321);
    utimesSync(path, 1_700_000_000, 1_600_000_000);
    expect(await file(path)).toMatchObject({
      text: 'one\ntwo\n',
      truncated: false,
      reachedEnd: true,
      firstLine: 1,
      facts: {
        kind: 'file',
        sizeBytes: 8,
        mode: 0o640, // chown took the set-id bit
        owner: user.name,
        group: '4321', // no group has this number
        modifiedMs: 1_600_000_000_000,
      },
    });
  });

  it('takes paths from the home directory as `~`, `~/x` and `x`, and follows a link at the path itself', async () => {
    writeFileSync(join(user.home, '-odd name'), 'odd');
    symlinkSync('-odd name', join(user.home, 'link'));
    for (const path of ['-odd name', '~/-odd name', `${user.home}/-odd name`, '~/link']) {
      expect((await file(path, {}, userDoor)).text).toBe('odd');
    }
    for (const path of ['', '~', '~/']) {
      expect((await directory(path, {}, userDoor)).names).toContain('-odd name');
    }
    expect((await failure(userDoor.read(ask('~root/x'), never()))).code).toBe('path_not_found');
  });

  it('reads files of every size around its chunks whole', async () => {
    const chunk = 31 * 1024;
    for (const size of [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 4 * chunk, 4 * chunk + 1, 3_000_000]) {
      const content = Buffer.alloc(size, 'ab\ncd');
      const path = put('sized', content);
      const read = await file(path, { maxBytes: 4_000_000 });
      expect(content.equals(read.content), `${size} bytes`).toBe(true);
      expect([read.reachedEnd, read.truncated]).toEqual([true, false]);
    }
  });

  it('reads files that claim size 0 until their end, forward and from the end', async () => {
    const cpu = await file('/proc/cpuinfo');
    expect(cpu.facts.sizeBytes).toBe(0);
    expect(cpu.text).toMatch(/^processor/);
    expect(cpu.reachedEnd).toBe(true);
    const lines = readFileSync('/proc/filesystems', 'utf8').split('\n');
    const last = await file('/proc/filesystems', { firstLine: -2 });
    expect(last.text).toBe(lines.slice(-3).join('\n'));
    expect(last.firstLine).toBe(lines.length - 2);
    expect((await file('/proc/filesystems', { firstLine: -9999 })).text).toBe(lines.join('\n'));
  });

  it('stops at maxBytes and says whether there was more', async () => {
    const path = put('long', 'x'.repeat(100_000));
    expect(await file(path, { maxBytes: 70_000 })).toMatchObject({ truncated: true, reachedEnd: false });
    expect((await file(path, { maxBytes: 70_000 })).text).toBe('x'.repeat(70_000));
    expect(await file(path, { maxBytes: 100_000 })).toMatchObject({ truncated: false, reachedEnd: true });
  });

  it('gives the same lines as sed and tail for every offset and limit', async () => {
    for (const [name, content] of [
      ['closed', 'a\nbb\n\nccc\nd\n'],
      ['unclosed', 'a\nbb\n\nccc\nd'],
      ['feeds', '\n\n\n'],
      ['single', 'no feed at all'],
    ] as const) {
      const path = put(name, content);
      const whole = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      for (const firstLine of [1, 2, 3, 5, 6, 99, -1, -2, -4, -5, -6, -99]) {
        for (const lines of [undefined, 1, 2, 5]) {
          const start = firstLine > 0 ? firstLine - 1 : Math.max(0, whole.length + firstLine);
          const end = lines === undefined ? whole.length : start + lines;
          const read = await file(path, { firstLine, lines });
          expect(read.text, `${name} ${firstLine} ${lines}`).toBe(whole.slice(start, end).join(''));
          expect(read.reachedEnd, `${name} ${firstLine} ${lines} end`).toBe(end >= whole.length);
        }
      }
    }
  });

  it('skips and counts lines over many chunks, and bounds what it keeps and not what it skips', async () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index + 1}\n`);
    const path = put('lines', lines.join(''));
    const middle = await file(path, { firstLine: 150_001, lines: 3, maxBytes: 40 });
    expect(middle).toMatchObject({ text: lines.slice(150_000, 150_003).join(''), firstLine: 150_001 });
    const tail = await file(path, { firstLine: -120_000, lines: 2 });
    expect(tail).toMatchObject({ text: lines.slice(80_000, 80_002).join(''), firstLine: undefined });
    const cut = await file(path, { firstLine: -120_000, maxBytes: 20 });
    expect(cut).toMatchObject({ text: lines.slice(80_000, 80_003).join('').slice(0, 20), truncated: true });
    expect((await file(path, { firstLine: -200_000, lines: 1 })).firstLine).toBe(1);
  });

  it('gives bytes as they are', async () => {
    const path = put('binary', Buffer.from([0, 0xff, 0xfe, 0x0a, 0x80]));
    expect([...(await file(path)).content]).toEqual([0, 0xff, 0xfe, 0x0a, 0x80]);
  });

  it('needs two round trips for a small file', async () => {
    const proxy = await startProxy({ targetPort: sshd.port });
    const far = await connectClient(sshd, 'root', proxy.port);
    const path = put('small', 'small\n');
    const farDoor = createSftpDoor(far.sftp, denied);
    await farDoor.read(ask('/'), never());
    proxy.setDelay(50);
    const roundTrips: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const start = performance.now();
      await farDoor.read(ask(path), never());
      roundTrips.push((performance.now() - start) / 100);
    }
    const best = Math.min(...roundTrips); // a busy machine only makes it slower
    expect(best).toBeGreaterThan(1.9); // stat; open with read
    expect(best).toBeLessThan(2.9);
    far.client.end();
    await proxy.stop();
  });
});

describe('what is not a plain file', () => {
  it('is described and never opened: FIFOs, sockets, devices', async () => {
    const fifo = join(sshd.directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const socket = join(sshd.directory, 'socket');
    const listener = createServer().listen(socket);
    await until(() => listener.listening);
    symlinkSync('fifo', join(sshd.directory, 'to-fifo'));
    for (const [path, kind] of [
      [fifo, 'fifo'],
      [join(sshd.directory, 'to-fifo'), 'fifo'],
      [socket, 'socket'],
      ['/dev/null', 'character device'],
    ] as const) {
      expect(await door.read(ask(path), never())).toMatchObject({ what: 'special', facts: { kind } });
    }
    listener.close();
  });

  it('is refused with a reason: missing, dangling, forbidden, unreadable', async () => {
    const secret = put('secret', 'x');
    chmodSync(secret, 0o600);
    symlinkSync('nowhere', join(sshd.directory, 'dangling'));
    const closed = join(sshd.directory, 'shut');
    mkdirSync(closed, { mode: 0o700 });
    expect(await failure(door.read(ask('/no/such'), never()))).toMatchObject({
      code: 'path_not_found',
      message: '/no/such does not exist',
    });
    expect((await failure(door.read(ask(join(sshd.directory, 'dangling')), never()))).code).toBe(
      'path_not_found',
    );
    expect((await failure(userDoor.read(ask(secret), never()))).code).toBe('permission_denied');
    expect((await failure(userDoor.read(ask(closed), never()))).code).toBe('permission_denied');
    expect((await failure(door.read(ask('/proc/self/mem'), never()))).code).toBe('unsupported_file');
    expect((await file(secret)).text).toBe('x'); // and the channel lives on
    expect(root.opened()).toBe(1);
  });
});

describe('listing a directory', () => {
  let tree: string;

  beforeAll(() => {
    tree = join(sshd.directory, 'tree');
    for (const path of ['a', 'a/b', 'a/b/c', 'a-b', 'z']) mkdirSync(join(tree, path), { recursive: true });
    for (const path of ['a/1', 'a/b/2', 'a/b/c/3', '.hidden', 'ü']) writeFileSync(join(tree, path), path);
    symlinkSync('a', join(tree, 'to-a'));
    symlinkSync('/no where', join(tree, 'a', 'broken'));
    chownSync(join(tree, 'a', '1'), user.uid, user.gid);
    chownSync(join(tree, 'a-b'), 4321, 4321);
  });

  it('gives its own names with facts, link targets and owners by name', async () => {
    const listing = await directory(tree);
    expect(listing.names).toEqual(['.hidden', 'a', 'a-b', 'to-a', 'z', 'ü']);
    expect(listing.facts).toMatchObject({ kind: 'directory', owner: 'root' });
    const link = listing.entries[3];
    expect(link?.facts?.kind).toBe('symlink');
    expect(Buffer.from(link?.linkTarget ?? []).toString()).toBe('a');
    expect(listing.entries[0]?.facts).toMatchObject({
      kind: 'file',
      sizeBytes: 7,
      owner: 'root',
      group: 'root',
    });
    expect(listing.entries[2]?.facts).toMatchObject({ owner: '4321', group: '4321' });
    expect((await directory(join(tree, 'a'))).entries[0]?.facts?.owner).toBe(user.name);
  });

  it('goes as deep as asked, does not follow links, and orders by bytes', async () => {
    expect((await directory(tree, { depth: 2 })).names).toEqual([
      '.hidden',
      'a',
      'a-b',
      'a/1',
      'a/b',
      'a/broken',
      'to-a',
      'z',
      'ü',
    ]);
    const deep = await directory(`${tree}/`, { depth: 10 });
    expect(deep.names).toHaveLength(12);
    expect(deep.names).toContain('a/b/c/3');
    expect([deep.truncated, deep.unreadable]).toEqual([false, 0]);
  });

  it('counts directories that may not be opened', async () => {
    mkdirSync(join(user.home, 'open', 'shut'), { recursive: true });
    chmodSync(join(user.home, 'open', 'shut'), 0o700);
    const listing = await directory('open', { depth: 3 }, userDoor);
    expect(listing).toMatchObject({ names: ['shut'], unreadable: 1 });
  });

  it('tells one whose names may be read and not looked at from an empty one', async () => {
    const empty = join(user.home, 'blind', 'empty');
    mkdirSync(empty, { recursive: true });
    mkdirSync(join(user.home, 'blind', 'names'));
    writeFileSync(join(user.home, 'blind', 'names', 'word'), 'word\n');
    chmodSync(join(user.home, 'blind', 'names'), 0o644);
    expect(await failure(userDoor.read(ask('blind/names'), never()))).toMatchObject({
      code: 'permission_denied',
      message: 'the remote account may not access blind/names',
    });
    expect(await directory('blind/empty', {}, userDoor)).toMatchObject({ names: [], unreadable: 0 });
    expect(await directory('blind', { depth: 2 }, userDoor)).toMatchObject({
      names: ['empty', 'names'],
      unreadable: 1,
    });
  });

  it('reads directories of many hundred names whole, and stops at maxBytes', async () => {
    const many = join(sshd.directory, 'many');
    mkdirSync(many);
    makeNames(
      many,
      Array.from({ length: 1_234 }, (_, index) => `file-${index}`),
    );
    const all = await directory(many);
    expect(all.names).toHaveLength(1_234);
    expect(new Set(all.names).size).toBe(1_234);
    const some = await directory(many, { maxBytes: 10_000 });
    expect(some.truncated).toBe(true);
    expect(some.names.length).toBeGreaterThan(50);
    expect(some.names.length).toBeLessThan(150);
  });

  it('shows names that are no UTF-8 with U+FFFD instead of failing', async () => {
    execFileSync('sh', [
      '-c',
      `mkdir "$1" && cd "$1" && mkdir "$(printf 'x\\377')" && touch ok`,
      'sh',
      `${tree}-raw`,
    ]);
    const listing = await directory(`${tree}-raw`, { depth: 2 });
    expect(listing).toMatchObject({ names: ['ok', 'x\ufffd'], unreadable: 1 });
  });
});

describe('the channel', () => {
  it('is one for concurrent reads, also the first ones', async () => {
    const fresh = await connectClient(sshd);
    const shared = createSftpDoor(fresh.sftp, denied);
    const paths = Array.from({ length: 20 }, (_, index) => put(`n${index}`, `content ${index}`));
    const reads = await Promise.all(paths.map((path) => file(path, {}, shared)));
    expect(reads.map((read) => read.text)).toEqual(paths.map((_, index) => `content ${index}`));
    expect(fresh.opened()).toBe(1);
    shared.end();
    await shared.read(ask('/'), never());
    expect(fresh.opened()).toBe(2);
    fresh.client.end();
  });

  it('rejects every running read when the connection is lost', async () => {
    const proxy = await startProxy({ targetPort: sshd.port });
    const far = await connectClient(sshd, 'root', proxy.port);
    const farDoor = createSftpDoor(far.sftp, denied);
    await farDoor.read(ask('/'), never());
    proxy.silence();
    const reads = [farDoor.read(ask('/etc'), never()), farDoor.read(ask('/etc/passwd'), never())];
    const failures = Promise.all(reads.map(failure));
    proxy.cut();
    expect((await failures).map((error) => error.code)).toEqual(['connection_lost', 'connection_lost']);
    expect((await failure(farDoor.read(ask('/etc'), never()))).code).toBe('no_sftp'); // ssh2: Not connected
    await proxy.stop();
  });

  it('is given up when a read is aborted in it, and the next read opens another', async () => {
    const proxy = await startProxy({ targetPort: sshd.port });
    const far = await connectClient(sshd, 'root', proxy.port);
    const farDoor = createSftpDoor(far.sftp, denied);
    await farDoor.read(ask('/'), never());
    proxy.setDelay(5_000);
    const controller = new AbortController();
    const aborted = failure(farDoor.read(ask('/etc/passwd'), controller.signal));
    const reason = new ScoutError('command_timeout', 'too late', 'Wait.');
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    expect(await failure(farDoor.read(ask('/'), controller.signal))).toBe(reason);
    proxy.setDelay(0);
    await farDoor.read(ask('/'), never());
    expect(far.opened()).toBe(2);
    far.client.end();
    await proxy.stop();
  });

  it('explains a shell that prints text, and a host without SFTP', async () => {
    const external = await startSshd({
      sftp: false,
      config: ['Subsystem sftp /usr/lib/openssh/sftp-server'],
    });
    const noisy = await makeUser({ files: { '.bashrc': 'echo Welcome to the machine\n' } });
    const without = await startSshd({ sftp: false });
    const noisyClient = await connectClient(external, noisy.name);
    const error = await failure(createSftpDoor(noisyClient.sftp, denied).read(ask('/'), never()));
    expect(error.code).toBe('no_sftp');
    expect(error.fix).toContain('.bashrc');
    const client = await connectClient(without);
    const missing = await failure(createSftpDoor(client.sftp, denied).read(ask('/'), never()));
    expect(missing.code).toBe('no_sftp');
    expect(missing.fix).toContain('Subsystem sftp');
    client.client.end();
    noisyClient.client.end();
    await Promise.all([noisy.remove(), external.stop(), without.stop()]);
  });
});

describe('finding files', () => {
  it('reads no directory to its end where enough has been found', async () => {
    const large = makeQuickDirectory('scout-large-');
    makeNames(
      large,
      Array.from({ length: 20_000 }, (_, name) => `${name}`),
    );
    let asked = 0;
    const counting = createSftpDoor(async () => {
      const sftp = await root.sftp();
      const readdir = sftp.readdir.bind(sftp) as (...args: unknown[]) => void;
      sftp.readdir = ((...args: unknown[]) => {
        asked += 1;
        readdir(...args);
      }) as typeof sftp.readdir;
      return sftp;
    }, denied);
    const find = async (own: { name?: string; limit: number }) => {
      asked = 0;
      const request = { path: large, depth: 1, contextLines: 0, crossDevices: false, maxBytes: 1 << 20 };
      const none = { pattern: undefined, type: undefined, sinceMs: undefined, largerThanBytes: undefined };
      const name = own.name === undefined ? undefined : patternPieces(own.name);
      const { found, more } = await counting.find({ ...request, ...none, ...own, name }, never());
      return { found: found.length, more, asked };
    };
    try {
      const whole = await find({ name: '1999?', limit: 10 });
      expect(whole).toMatchObject({ found: 10, more: false });
      const first = await find({ limit: 10 });
      expect(first).toMatchObject({ found: 10, more: true });
      expect(first.asked).toBeLessThan(whole.asked / 10);
    } finally {
      counting.end();
      rmSync(large, { recursive: true });
    }
  });
});
