import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManyHomes, startManyHomes } from '../fixtures/many-homes.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { resultOf, resultsOf, steadyText } from './structured.ts';

const hostCount = 20;
const token = (letter: string) => `AKIA${letter.repeat(16)}`;
let hosts: ManyHomes;
let withoutShell: Sshd;
let hole: Server;
let scout: TestScout;

beforeAll(async () => {
  [hosts, withoutShell] = await Promise.all([
    startManyHomes(hostCount),
    startSshd({ config: ['ForceCommand internal-sftp'] }),
  ]);
  hole = createServer(() => {});
  await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
  const address = hole.address();
  const holePort = typeof address === 'object' ? String(address?.port) : '';
  const { sshd } = hosts;
  scout = makeScout(
    sshd.writeConfig(
      ...Array.from({ length: hostCount }, (_, index) => hosts.configFor(`web${index + 1}`, index + 1)),
      ...[1, 2, 3].map((number) => sshd.configFor(`dead${number}`, { Port: '1' })),
      ...[1, 2].map((number) => sshd.configFor(`hole${number}`, { Port: holePort })),
      withoutShell.configFor('plain', { UserKnownHostsFile: withoutShell.knownHostsFile }),
    ),
    { SCOUT_MAX_FILE_SIZE: '64KiB', SCOUT_CALL_TIMEOUT: '12' },
  );
});

afterAll(async () => {
  await scout.close();
  hole.close();
  await Promise.all([hosts.stop(), withoutShell.stop()]);
});

const written = new Date('2026-01-02T03:04:05Z');

/** Write a file of that name on the hosts: the content of `contents` by number, else the one of 0. */
function prepare(name: string, count: number, contents: Readonly<Record<number, string | Buffer>>): void {
  for (let number = 1; number <= count; number += 1) {
    const path = join(hosts.home(number), name);
    writeFileSync(path, contents[number] ?? contents[0] ?? '');
    utimesSync(path, written, written);
  }
}

const diff = (targets: readonly string[], content?: string) =>
  scout.call('scout_diff', { targets, ...(content !== undefined && { content }) });
const two = (name: string) => diff([`web1,web2:~/${name}`]);

const common = Array.from({ length: 60 }, (_, index) => `option_${index + 1} on\n`).join('');

describe('twenty hosts', () => {
  it('say who differs, and how, in one answer of less than 2 KiB', async () => {
    prepare('app.conf', hostCount, {
      0: common,
      4: common.replace('option_30 on', 'option_30 off'),
      9: common.replace('option_30 on', 'option_30 off'),
      17: `${common}extra yes\n`,
    });
    rmSync(join(hosts.home(12), 'app.conf'));
    const answer = await diff(['web*:~/app.conf']);
    expect(Buffer.byteLength(answer.text)).toBeLessThan(2_048);
    expect(answer.structured).toMatchObject({
      same: 16,
      differing: 3,
      versions: 3,
      missing: 1,
      failed: 0,
      timed_out: 0,
    });
    const [most, off, extra, missing] = resultsOf('scout_diff', answer);
    expect(most).toMatchObject({ same: true, sha256: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(most?.hosts).toHaveLength(16);
    expect(off).toMatchObject({
      hosts: ['web4', 'web9'],
      same: false,
      removed: 1,
      added: 1,
      diff: [
        '--- web1:~/app.conf',
        '+++ web4:~/app.conf',
        '@@ -27,7 +27,7 @@',
        ' option_27 on',
        ' option_28 on',
        ' option_29 on',
        '-option_30 on',
        '+option_30 off',
        ' option_31 on',
        ' option_32 on',
        ' option_33 on',
        '',
      ].join('\n'),
    });
    expect(extra).toMatchObject({ hosts: ['web17'], removed: 0, added: 1 });
    expect(extra?.diff).toContain('@@ -58,3 +58,4 @@');
    expect(missing).toMatchObject({ hosts: ['web12'], error: { code: 'path_not_found' } });
    expect(answer.text).toMatch(
      /^20 hosts: 16 the same, 3 differing in 2 versions, 1 missing\n\nweb1, web2,/,
    );
    expect(steadyText(answer)).toContain('web4, web9: differs: -1 +1 lines, 772 B, sha256 ');
  });

  it('are answered for before the deadline where three are dead and two never answer', async () => {
    prepare('late.conf', 15, { 0: common, 3: `${common}more\n` });
    const startedMs = performance.now();
    const answer = await diff([
      ...Array.from({ length: 15 }, (_, index) => `web${index + 1}:~/late.conf`),
      'dead*,hole*:~/late.conf',
    ]);
    expect(performance.now() - startedMs).toBeLessThan(12_000);
    expect(answer.isError).toBe(false);
    expect(answer.structured).toMatchObject({ same: 14, differing: 1, missing: 0, failed: 3, timed_out: 2 });
    const [most, more, ...others] = resultsOf('scout_diff', answer);
    expect(most?.hosts).toHaveLength(14);
    expect(more).toMatchObject({ hosts: ['web3'], diff: expect.stringContaining('+more\n') });
    // they are put together by what they say, which is not always the same
    expect(others.flatMap(({ hosts: names }) => names).sort()).toEqual([
      'dead1',
      'dead2',
      'dead3',
      'hole1',
      'hole2',
    ]);
    expect(answer.text).toMatch(/^20 hosts: 14 the same, 1 differing, 3 failed, 2 timed out\n/);
  });
});

describe('what is compared', () => {
  it('is said once where all is the same, and no bytes travel for that', async () => {
    prepare('big', 3, { 0: 'x'.repeat(500_000) });
    const answer = await diff(['web1,web2,web3:~/big']);
    expect(resultOf('scout_diff', answer)).toMatchObject({ same: true, size: 500_000 });
    expect(answer.text).toMatch(
      /^3 hosts: 3 the same, 0 differing\n\nweb1, web2, web3 \(3 hosts\): the same, 488 KiB, sha256 [0-9a-f]{12}, modified 2026-01-02T03:04:05Z$/,
    );
  });

  it('is the first of the versions that are equally common', async () => {
    prepare('tie', 2, { 1: 'one\n', 2: 'two\n' });
    const [first, second] = resultsOf('scout_diff', await diff(['web2:~/tie', 'web1:~/tie']));
    expect(first).toMatchObject({ hosts: ['web2'], same: true });
    expect(second?.diff).toBe('--- web2:~/tie\n+++ web1:~/tie\n@@ -1 +1 @@\n-two\n+one\n');
  });

  it('may have other paths on other hosts, or on the same', async () => {
    prepare('a', 1, { 0: 'same\n' });
    prepare('b', 2, { 0: 'same\n' });
    const answer = await diff(['web1:~/a', 'web1,web2:~/b']);
    expect(resultOf('scout_diff', answer).hosts).toEqual(['web1:~/a', 'web1:~/b', 'web2:~/b']);
    expect(answer.text).toMatch(/^3 files: 3 the same/);
  });

  it('is what the caller gives, where content is given', async () => {
    prepare('given', 3, { 0: 'a\nb\n', 2: 'a\nc\n' });
    const answer = await diff(['web1,web2,web3:~/given'], 'a\nc\n');
    expect(answer.structured).toMatchObject({ same: 1, differing: 2 });
    const [most, same] = resultsOf('scout_diff', answer);
    expect(most).toMatchObject({
      hosts: ['web1', 'web3'],
      same: false,
      diff: '--- the given content\n+++ web1:~/given\n@@ -1,2 +1,2 @@\n a\n-c\n+b\n',
    });
    expect(same).toMatchObject({ hosts: ['web2'], same: true });
    expect(answer.text).toContain('web2: as the given content');
  });

  it('is the same through SFTP where a host has no shell', async () => {
    const path = join(withoutShell.directory, 'f');
    writeFileSync(path, 'one\ntwo\n');
    writeFileSync(join(hosts.home(1), 'f'), 'one\n2\n');
    const targets = [`web1:${hosts.home(1)}/f`, `plain:${path}`];
    const [, other] = resultsOf('scout_diff', await diff(targets));
    expect(other).toMatchObject({ hosts: [`plain:${path}`], removed: 1, added: 1 });
    writeFileSync(path, 'one\n2\n');
    expect(resultOf('scout_diff', await diff(targets))).toMatchObject({
      same: true,
      sha256: expect.any(String),
    });
    writeFileSync(path, 'x'.repeat(100_000));
    const [, large] = resultsOf('scout_diff', await diff(targets));
    expect(large).toMatchObject({ hosts: [`plain:${path}`], error: { code: 'output_limit' } });
  });

  it('has another mode or owner: that is said', async () => {
    prepare('mode', 3, { 0: 'x\n', 3: 'y\n' });
    chmodSync(join(hosts.home(2), 'mode'), 0o600);
    const answer = await diff(['web1,web2,web3:~/mode']);
    const [most, other] = resultsOf('scout_diff', answer);
    expect(most?.modes).toBe('-rw-r--r-- root:root (web1), -rw------- root:root (web2)');
    expect(other).toMatchObject({ mode: '0644', owner: 'root' });
    expect(answer.text).toContain('-rw------- root:root (web2)');
    prepare('modes', 6, { 0: 'x\n' });
    chmodSync(join(hosts.home(2), 'modes'), 0o600);
    const many = await diff(['web1,web2,web3,web4,web5,web6:~/modes']);
    expect(many.text).toContain('-rw-r--r-- root:root (the others), -rw------- root:root (web2), modified');
  });
});

describe('a difference', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'in secrets alone is said, not shown',
      `key ${token('A')}\n`,
      `key ${token('B')}\n`,
      /only in redacted secrets/,
    ],
    ['in line ends alone is said, not shown', 'a\nb\n', 'a\r\nb\r\n', /only in line ends \(CR LF, not LF\)/],
    ['in bytes that no text has is said', 'caf\ufffd\n', 'LATIN1', /only in bytes that are no UTF-8/],
    [
      'in how a character is written is said',
      '\x1b[0m\n',
      '\\x1b[0m\n',
      /or characters shown by their codes/,
    ],
  ])('%s', async (_, one, other, how) => {
    prepare('only', 2, { 1: one, 2: other === 'LATIN1' ? Buffer.from('caf\xe9\n', 'latin1') : other });
    const answer = await two('only');
    expect(resultsOf('scout_diff', answer)[1]).toMatchObject({
      same: false,
      note: expect.stringMatching(how),
    });
    expect(answer.text).not.toContain('@@');
    expect(answer.text).not.toContain('AKIA');
  });

  it('beside a secret is shown without it', async () => {
    prepare('beside', 2, { 1: `key ${token('A')}\nport 1\n`, 2: `key ${token('B')}\nport 2\n` });
    const { diff: shown } = resultsOf('scout_diff', await two('beside'))[1] ?? {};
    expect(shown).toContain('-port 1\n+port 2\n');
    expect(shown).toContain('[redacted:');
    expect(shown).not.toContain('AKIA');
  });

  it('cuts no private key in half', async () => {
    const key = (letter: string) =>
      `-----BEGIN PRIVATE KEY-----\r\n${`${letter.repeat(64)}\r\n`.repeat(20)}-----END PRIVATE KEY-----\r\n`;
    const lines = 'x\n'.repeat(5);
    prepare('keys', 2, {
      1: `${lines}${key('M')}end\n`,
      2: `${lines}${key('M').replace('M\r\n', 'N\r\n')}END\n`,
    });
    const answer = await two('keys');
    expect(answer.text).not.toMatch(/[MN]{8}/);
    expect(answer.text).toContain('+END');
  });

  it('in white space is named, and the end without a line feed is shown', async () => {
    prepare('blank', 2, { 1: 'a b\nc\n', 2: 'a  b\nc' });
    const [, other] = resultsOf('scout_diff', await two('blank'));
    expect(other?.note).toBe('only white space');
    expect(other?.diff).toContain('-a b\n-c\n+a  b\n+c\n\\ No newline at end of file\n');
  });

  it('in the line ends of some lines is shown with them', async () => {
    prepare('mixed', 2, { 1: 'a\nb\nc\n', 2: 'a\nb\r\nc\n' });
    const [, other] = resultsOf('scout_diff', await two('mixed'));
    expect(other?.diff).toContain(' a\n-b\n+b\\x0d\n c\n');
  });

  it('of binary or larger files is told by hash and size', async () => {
    prepare('binary', 2, {
      1: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]),
      2: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 2]),
    });
    expect(resultsOf('scout_diff', await two('binary'))[1]?.note).toMatch(/ELF program, compared by hash/);
    prepare('large', 2, { 1: 'x'.repeat(100_000), 2: 'y'.repeat(100_001) });
    const answer = await two('large');
    expect(resultsOf('scout_diff', answer)[1]).toMatchObject({
      size: 100_001,
      note: expect.stringMatching(/too large/),
    });
  });

  it('in almost every line ends in a count, soon', async () => {
    const lines = (seed: number) =>
      Array.from({ length: 8_000 }, (_, at) => `${(at * seed) % 9_973}\n`).join('');
    prepare('noise', 2, { 1: lines(7), 2: lines(31) });
    const startedMs = performance.now();
    const [, other] = resultsOf('scout_diff', await two('noise'));
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(other?.diff).toBeUndefined();
    expect(other?.removed).toBeGreaterThan(100);
  });

  it('that does not fit a page is kept', async () => {
    const lines = (word: string) =>
      Array.from({ length: 900 }, (_, at) => `${word} ${at} ${'z'.repeat(30)}\n`).join('');
    prepare('long', 2, { 1: 'x\n', 2: lines('added') });
    const [, other] = resultsOf('scout_diff', await two('long'));
    expect(other?.added).toBe(900);
    const rest = resultOf('scout_read', await scout.call('scout_read', { targets: [other?.diff_rest] }));
    expect(rest.text).toContain('+added 899');
  });

  it('of a file that is never the same is told as such', async () => {
    const answer = await diff(['web1,web2:/proc/self/status']);
    const text = JSON.stringify(answer.structured);
    expect(text).toMatch(/it changes while it is compared/);
  });
});

describe('what is no file', () => {
  beforeAll(() => {
    for (const number of [1, 2]) {
      execFileSync('mkfifo', [join(hosts.home(number), 'fifo')]);
      symlinkSync('/etc/shadow', join(hosts.home(number), 'link'));
    }
  });

  it.each<[string, string, string, RegExp]>([
    ['a directory', '~', 'unsupported_file', /is a directory, and scout_diff compares files/],
    ['a FIFO', '~/fifo', 'unsupported_file', /is a fifo: never opened/],
    ['a device', '/dev/zero', 'path_denied|unsupported_file', /./],
    ['a denied path', '/etc/shadow', 'path_denied', /SCOUT_DENY_PATHS/],
    ['a link to a denied path', '~/link', 'path_denied', /SCOUT_DENY_PATHS/],
    ['nothing', '~/none', 'path_not_found', /does not exist/],
  ])('%s is named', async (_, path, code, message) => {
    const answer = await diff([`web1,web2:${path}`]);
    const result = resultOf('scout_diff', answer);
    expect(result.error.code).toMatch(new RegExp(`^(${code})$`));
    expect(result.error.message).toMatch(message);
    expect(result.hosts).toEqual(['web1', 'web2']);
    expect(answer.isError).toBe(true);
  });

  it('a kept result, one file alone, and content with two targets are refused', async () => {
    mkdirSync(join(hosts.home(1), 'd'), { recursive: true });
    const codes = await Promise.all(
      [diff(['result:abc', 'web1:~/a']), diff(['web1:~/a']), diff(['web1:~/a', 'web2:~/a'], 'x')].map(
        async (answer) => (await answer).error,
      ),
    );
    expect(codes.map((error) => error?.code)).toEqual([
      'invalid_target',
      'invalid_argument',
      'invalid_argument',
    ]);
    expect(codes[1]?.fix).toContain('content');
  });
});
