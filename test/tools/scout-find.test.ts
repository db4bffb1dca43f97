import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/compose-answer.ts';
import { allProcesses } from '../fixtures/processes.ts';
import { makeNames, makeQuickDirectory } from '../fixtures/quick-files.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { type Result, resultOf, resultsOf } from './structured.ts';

let sshd: Sshd;
let withoutShell: Sshd;
let scout: TestScout;
let files: string;
const more: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  [sshd, withoutShell] = await Promise.all([
    startSshd(),
    startSshd({ config: ['ForceCommand internal-sftp'] }),
  ]);
  const config = sshd.writeConfig(
    ...['web1', 'web2', 'web3'],
    sshd.configFor('dead', { Port: '1' }),
    withoutShell.configFor('bare'),
  );
  files = join(sshd.directory, 'files');
  scout = makeScout(config, { SCOUT_DENY_PATHS: `default,${files}/denied,/**/key.secret` });
  fill();
});

afterAll(async () => {
  for (const each of [scout, ...more]) await each.close();
  await Promise.all([sshd.stop(), withoutShell.stop()]);
});

function fill(): void {
  for (const name of ['a/b', 'loops', 'hard', 'denied']) mkdirSync(join(files, name), { recursive: true });
  write('a/one.conf', 'Port 22\nPermitRootLogin no\nUsePAM yes\n');
  write('a/b/two.conf', 'Port 2222\n');
  write('a/b/image', Buffer.concat([Buffer.from('Port 1\n'), Buffer.alloc(9)]));
  write('big.log', 'x\n'.repeat(6_000));
  write('hard/line\nfeed', 'Port 9\n');
  write("hard/-q'uote", 'Port 9\n');
  write('denied/x.conf', 'Port 5\n');
  write('key.secret', 'Port 6\n');
  symlinkSync('..', join(files, 'loops/up'));
  symlinkSync('../a', join(files, 'loops/a'));
  execFileSync('mkfifo', [join(files, 'fifo')]);
  utimesSync(join(files, 'big.log'), 1_600_000_000, 1_600_000_000);
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(files, name), content);
}

async function call(args: object, host = 'web1', path = files, by = scout): Promise<Answer> {
  return await by.call('scout_find', { targets: [`${host}:${path}`], ...args });
}

async function find(args: object, host = 'web1', path = files, by = scout) {
  return resultOf('scout_find', await call(args, host, path, by));
}

describe.each([
  ['a shell', 'web1'],
  ['SFTP alone', 'bare'],
])('by %s', (_, host) => {
  const paths = async (args: object, path = files): Promise<string[]> =>
    (await find(args, host, path)).found.map(({ path: found }: { path: string }) => found);

  it('finds by name, kind, size, age and depth', async () => {
    expect(await paths({ name: '*.conf' })).toEqual(['a/b/two.conf', 'a/one.conf']);
    expect(await paths({ name: '*.conf', depth: 2 })).toEqual(['a/one.conf']);
    expect(await paths({ name: '[!a-k]*', type: 'directory' })).toEqual(['loops']);
    expect(await paths({ type: 'symlink' })).toEqual(['loops/a', 'loops/up']);
    expect(await paths({ larger_than: '10K' })).toEqual(['big.log']);
    expect(await paths({ larger_than: '12000' })).toEqual([]);
    expect(await paths({ since: '2h', name: '*.log' })).toEqual([]);
    expect(await paths({ since: '2020-09-13', name: '*.log' })).toEqual(['big.log']);
    expect(await paths({ name: 'one.conf' }, `${files}/a/one.conf`)).toEqual([`${files}/a/one.conf`]);
  });

  it('finds lines and what stands around them, and opens neither FIFOs nor links', async () => {
    const result = await find({ pattern: '^P[[:alpha:]]+RootLogin|Port 2{2}$', context: 1 }, host);
    expect(result).toMatchObject({ total: 1, matches: 2, more: false });
    expect(result.found).toEqual([
      { path: 'a/one.conf', kind: 'file', size: 38, modified: expect.any(String) },
      { line: 1, text: 'Port 22' },
      { line: 2, text: 'PermitRootLogin no' },
      { line: 3, text: 'UsePAM yes', context: true },
    ]);
    const ports = await find({ pattern: 'Port [1-9]$' }, host);
    expect(ports.found.filter(({ path }: { path?: string }) => path)).toMatchObject([
      { path: 'a/b/image', binary: true },
      { path: "hard/-q'uote" },
      { path: 'hard/line\\nfeed' },
    ]);
  });

  it.each([
    [1, ['1-', '2:', '3-']],
    [2, ['1-', '2:', '3-', '4:', '5-', '6-']],
    [3, ['1-', '2:', '3-', '4:', '5-', '6-', '7-', '8-', '9:']],
  ])('shows nothing of a match beyond a limit of %i', async (limit, shown) => {
    const path = join(sshd.directory, 'around');
    writeFileSync(
      path,
      Array.from({ length: 9 }, (_, at) => `${[1, 3, 8].includes(at) ? 'hit' : 'no'}\n`).join(''),
    );
    const { found, more } = await find({ pattern: 'hit', context: 2, limit }, host, path);
    const lines = found.slice(1) as { line: number; context?: boolean }[];
    expect(lines.map(({ line, context }) => `${line}${context ? '-' : ':'}`)).toEqual(shown);
    expect(more).toBe(limit < 3);
  });

  it('looks into nothing that is denied', async () => {
    const result = await find({ pattern: 'Port [56]' }, host);
    expect(result).toMatchObject({ total: 0, denied: 2 });
    expect(await paths({ name: '*.secret' })).toEqual(['key.secret']);
    expect(await find({ name: 'x.conf' }, host)).toMatchObject({ total: 0, denied: 1 });
    expect(await find({ name: 'x.conf', depth: 1 }, host)).toMatchObject({ total: 0, denied: 1 });
    expect(await find({ pattern: 'Port [56]', depth: 1 }, host)).toMatchObject({ total: 0, denied: 2 });
    expect((await call({}, host, `${files}/denied`)).error?.code).toBe('path_denied');
  });

  it('searches no content of the kernel', async () => {
    for (const path of ['/proc', '/sys/kernel', '/dev'])
      expect((await call({ pattern: 'x' }, host, path)).error?.code, path).toBe('path_denied');
    expect(await paths({ name: 'null', depth: 1 }, '/dev')).toEqual(['null']);
    expect(await paths({ name: 'null', depth: 2, cross_devices: true }, '/')).toEqual([]);
  });

  it('says that there is more than the limit', async () => {
    const some = await find({ limit: 2 }, host);
    expect(some).toMatchObject({ more: true, total: 2 });
    const lines = await find({ pattern: 'x', limit: 3 }, host, `${files}/big.log`);
    expect(lines).toMatchObject({ more: true, total: 1, matches: 3 });
  });

  it('answers for what is not there', async () => {
    expect((await call({}, host, `${files}/nope`)).error?.code).toBe('path_not_found');
  });
});

describe('the answer', () => {
  it('is a line a path, with size and time', async () => {
    const { text, nonce } = await call({ name: 'big.log' });
    expect(text.replaceAll(nonce, 'NONCE')).toBe(
      `web1: ${files}, 1 found, 1 not looked into (SCOUT_DENY_PATHS)\n<<<NONCE found\n12000 2020-09-13T12:26:40Z big.log\n>>>NONCE`,
    );
  });

  it('has the lines of a file under its path', async () => {
    const { text, nonce } = await call({ pattern: 'Root', context: 1 });
    expect(text.replaceAll(nonce, 'NONCE').replace(/20\d\d-[^)]*/, 'TIME')).toBe(
      `web1: ${files}, 1 line in 1 file, 2 not looked into (SCOUT_DENY_PATHS)\n<<<NONCE found\n` +
        'a/one.conf (38 TIME)\n  1- Port 22\n  2: PermitRootLogin no\n  3- UsePAM yes\n>>>NONCE',
    );
  });

  it('is one for hosts with the same outcome, with the dead apart', async () => {
    const answer = await call({ name: '*.conf' }, 'web*,dead');
    expect(answer.isError).toBe(false);
    expect(resultsOf('scout_find', answer)).toMatchObject([
      { hosts: ['web1', 'web2', 'web3'], total: 2 },
      { hosts: ['dead'], error: { code: 'unreachable' } },
    ]);
    expect(answer.structured).toMatchObject({ ok: 3, failed: 1, timed_out: 0, differing: 1 });
    expect(answer.text).toContain('4 hosts: 3 searched, 1 failed, 1 outcome');
  });

  it('is one for a path that several targets name, however often they name a host', async () => {
    const path = `${files}/a`;
    const targets = [`web1,web2:${path}`, `web1:${path}`, `web3:${path}`];
    const answer = await scout.call('scout_find', { targets, name: '*.conf' });
    expect(resultsOf('scout_find', answer)).toMatchObject([
      { hosts: ['web1', 'web2', 'web3'], path, total: 2 },
    ]);
    expect(answer.structured).toMatchObject({ ok: 3, failed: 0, differing: 1 });
  });

  it('is one for each target', async () => {
    const answer = await scout.call('scout_find', {
      targets: [`web1,web2:${files}/a`, `web1:${files}/nope`],
      name: '*.conf',
    });
    expect(answer.structured.ok).toBeUndefined();
    expect(resultsOf('scout_find', answer)).toMatchObject([
      { hosts: ['web1', 'web2'], path: `${files}/a`, total: 2 },
      { hosts: ['web1'], path: `${files}/nope`, error: { code: 'path_not_found' } },
    ]);
  });

  it('says when nothing was found, and names each deviating host', async () => {
    expect((await call({ name: 'nope' })).text).toContain(`web1: ${files}, nothing found`);
    const own = await call({ name: 'environ', depth: 1 }, 'web1,bare', '/proc/self');
    expect(own.structured).toMatchObject({ ok: 2, failed: 0 });
  });

  it('shows of a long line what is around its match, and no secret', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    write('long', `${'x'.repeat(4_000)}here it is${'y'.repeat(9_000)}\n`);
    write('token', `token = ${secret}\n`);
    const long = await find({ pattern: 'here it', name: 'long' });
    expect(long.found[1].text).toMatch(/^…x{1,200}here it isy{1,200}…$/);
    const token = await call({ pattern: '^token' });
    expect(token.text).toContain('[redacted:');
    expect(JSON.stringify(token)).not.toContain(secret);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    write('key', key);
    const lines = await call({ pattern: 'BEGIN', context: 5, name: 'key' });
    expect(lines.text).toContain('[redacted:');
    for (const line of key.split('\n').slice(1, 5)) expect(lines.text).not.toContain(line);
    for (const name of ['long', 'token', 'key']) rmSync(join(files, name));
  });

  it('holds no more of one file than SCOUT_MAX_FILE_SIZE, and says so', async () => {
    const by = makeScout(sshd.writeConfig('web1', withoutShell.configFor('bare')), {
      SCOUT_MAX_FILE_SIZE: '1KiB',
    });
    more.push(by);
    for (const host of ['web1', 'bare']) {
      const args = { pattern: '^(x|Port.*)$', name: '*[gf]', limit: 10_000 };
      const answer = await call(args, host, files, by);
      const lines = resultOf('scout_find', answer).found.filter(({ line }: Result) => line !== undefined);
      const of = (text: string) => lines.filter((each: Result) => each.text === text).length;
      expect([of('x'), of('Port 22')]).toEqual([512, 1]);
      expect(resultOf('scout_find', answer)).toMatchObject({ more: true, cut: 1 });
      expect(answer.text).toContain('1 file not shown whole (SCOUT_MAX_FILE_SIZE)');
    }
  });

  it('counts what an ordinary user may not read', async () => {
    const user = await makeUser({
      shell: 'dash',
      files: { 'a.txt': 'word\n', 'b.txt': 'word\n', 'c/d.txt': 'word\n', 'e/f.txt': 'word\n' },
    });
    chmodSync(join(user.home, 'b.txt'), 0);
    chmodSync(join(user.home, 'c'), 0);
    chmodSync(join(user.home, 'e'), 0o644); // its names may be read, and no more
    const by = makeScout(
      sshd.writeConfig(
        sshd.configFor('user', { User: user.name }),
        withoutShell.configFor('bare', { User: user.name }),
      ),
    );
    more.push(by, { close: () => user.remove() });
    for (const host of ['user', 'bare']) {
      expect(await find({}, host, '', by), host).toMatchObject({ total: 4, unreadable: 2 });
      const inside = await find({ pattern: 'word' }, host, '~', by);
      expect(inside, host).toMatchObject({ total: 1, matches: 1, unreadable: 3 });
    }
  });

  it.each<[string, object]>([
    ['\\d', { pattern: '\\d+' }],
    ['an open group', { pattern: '(' }],
    ['a slash in name', { name: 'a/b' }],
    ['an odd name', { name: 'a[' }],
    ['a bad moment', { since: 'soon' }],
    ['a bad size', { larger_than: 'big' }],
    ['content of directories', { pattern: 'x', type: 'directory' }],
    ['context without a pattern', { context: 2 }],
    ['an unknown argument', { nope: 1 }],
    ['no depth', { depth: 0 }],
  ])('refuses %s', async (_, args) => {
    const answer = await call(args);
    expect(answer.error?.code).toBe('invalid_argument');
    expect(answer.text).toMatch(/\nFix: ./);
  });

  it('has no kept result for a target', async () => {
    const answer = await scout.call('scout_find', { targets: ['result:abc'] });
    expect(answer.error?.code).toBe('invalid_target');
  });
});

describe('other file systems', () => {
  it('are entered only where that is asked for, and windows into the kernel never', async () => {
    const root = mkdtempSync(join(tmpdir(), 'scout-mount-'));
    for (const name of ['mounted', 'jail-proc']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'outside'), 'word\n');
    const mounts = [
      `mount -t tmpfs none ${root}/mounted && echo word >${root}/mounted/inside`,
      `mount -t proc none ${root}/jail-proc; exec "$@"`,
    ].join(' && ');
    const wrapper = ['unshare', '-m', '/bin/sh', '-c', mounts, 'sh'];
    const [own, bare] = await Promise.all([
      startSshd({ wrapper }),
      startSshd({ wrapper, config: ['ForceCommand internal-sftp'] }),
    ]);
    const by = makeScout(own.writeConfig('own', bare.configFor('bare')));
    more.push(by, { close: () => own.stop() }, { close: () => bare.stop() });
    for (const host of ['own', 'bare']) {
      for (const args of [{ type: 'file' }, { pattern: 'word' }]) {
        const within = await find(args, host, root, by);
        expect(within.found[0].path, host).toBe('outside');
        expect(within.total).toBe(1);
        const across = await find({ ...args, cross_devices: true }, host, root, by);
        expect(across.total, host).toBe(2);
      }
    }
    rmSync(root, { recursive: true });
  });
});

describe('a tree of 200,000 files', () => {
  let tree: string;
  beforeAll(() => {
    tree = makeQuickDirectory('scout-tree-');
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('gives its first 100 matches without a walk through the rest, and leaves no process', async () => {
    for (let directory = 0; directory < 200; directory += 1) {
      mkdirSync(`${tree}/${directory}`);
      makeNames(
        `${tree}/${directory}`,
        Array.from({ length: 1_000 }, (_, name) => `${name}`),
      );
    }
    // Who has walked through all of it has met every directory that may not be opened.
    for (let directory = 0; directory < 200; directory += 1)
      mkdirSync(`${tree}/${directory}/locked`, { mode: 0 });
    chmodSync(tree, 0o755);
    const user = await makeUser({ shell: 'dash' });
    const by = makeScout(sshd.writeConfig(sshd.configFor('user', { User: user.name })));
    more.push(by, { close: () => user.remove() });
    const first = await find({ type: 'file' }, 'user', tree, by);
    expect(first).toMatchObject({ total: 100, more: true });
    expect(first.unreadable ?? 0).toBeLessThan(100);
    await until(() => !findRuns());
    const all = await find({ name: 'nothing' }, 'user', tree, by);
    expect(all).toMatchObject({ total: 0, more: false, unreadable: 200 });
    const bare = withoutShell.writeConfig('bare');
    const [patient, quick] = [makeScout(bare), makeScout(bare, { SCOUT_COMMAND_TIMEOUT: '400ms' })];
    more.push(patient, quick);
    const bySftp = await find({ depth: 1, limit: 10 }, 'bare', tree, patient);
    expect(bySftp).toMatchObject({ total: 10, more: true });
    const cut = await find({ type: 'file', name: '0', limit: 10_000 }, 'bare', tree, quick);
    expect(cut.error.code).toBe('command_timeout');
    expect(cut.total ?? 0).toBeLessThan(200); // none, where the machine is slow
  });
});

describe('the deadline', () => {
  let tree: string;
  beforeAll(() => {
    tree = makeQuickDirectory('scout-slow-');
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('gives what was found by then, and leaves no process', async () => {
    for (let name = 0; name < 4_000; name += 1) mkdirSync(`${tree}/zzd${name}`);
    // Each directory may be denied as far as find(1) can tell, and is looked at by a shell of its own.
    const slow = makeScout(sshd.writeConfig('slow'), {
      SCOUT_DENY_PATHS: `${dirname(tree)}/*zzd[0-9]*`,
      SCOUT_COMMAND_TIMEOUT: '1',
    });
    more.push(slow);
    const answer = await call({ type: 'directory', limit: 10_000 }, 'slow', tree, slow);
    const result = resultOf('scout_find', answer);
    expect(result.error).toMatchObject({
      code: 'command_timeout',
      fix: 'Ask for less, or raise SCOUT_COMMAND_TIMEOUT.', // it takes no timeout_s
    });
    expect(result.total).toBeGreaterThan(10);
    expect(result.total).toBeLessThan(4_000);
    await until(() => !findRuns());
  });
});

/** Whether a find(1) is at work for a session. */
function findRuns(): boolean {
  const own = new Set(sshd.processes());
  return allProcesses().some(({ pid, name }) => name === 'find' && own.has(pid));
}
