import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProgram } from '../fixtures/own-program.ts';
import { linesOf, makeLog, oneCall, verdictOf } from './audit-fixtures.ts';

let made: ReturnType<typeof makeLog>;

beforeEach(() => {
  made = makeLog();
});
afterEach(() => made.remove());

const refusal = (what: RegExp) =>
  expect.objectContaining({ code: 'audit_unavailable', message: expect.stringMatching(what) });

describe('an audit log', () => {
  it('writes nothing before the first call, and nothing for a run without one', () => {
    expect(existsSync(made.file)).toBe(false);
    made.log.close();
    expect(existsSync(made.file)).toBe(false);
    expect(made.said).toEqual([]);
  });

  it('holds an intent before and an outcome after, without a gap, and the end of the run', () => {
    oneCall(made.log);
    made.log.close();
    const lines = linesOf(made.file);
    expect(lines.map(({ sequence, event }) => [sequence, event])).toEqual([
      [1, 'start'],
      [2, 'intent'],
      [3, 'intent'],
      [4, 'outcome'],
      [5, 'outcome'],
      [6, 'end'],
    ]);
    expect(lines[1]).toMatchObject({ call: 'call-1', tool: 'scout_query', arguments: { command: 'ls' } });
    expect(lines[2]).toMatchObject({ call: 'call-1', tool: 'scout_query', host: 'web1', command: 'ls' });
    expect(lines[3]).toMatchObject({
      intent: 3,
      host: 'web1',
      command: 'ls',
      outcome: 'ok',
      exit_code: 0,
      bytes: 7,
    });
    expect(lines[4]).toMatchObject({ intent: 2, outcome: 'ok', bytes: 9, duration_ms: expect.any(Number) });
    expect(lines[5]).toMatchObject({ lines: 6, prev: lines[4]?.hash });
    expect(new Set(lines.map(({ run }) => run)).size).toBe(1);
    for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
  });

  it('logs the hash of its last line, by which a cut tail is found', async () => {
    oneCall(made.log);
    made.log.close();
    const { hash, run } = linesOf(made.file).at(-1) ?? {};
    expect(made.said).toEqual([
      { level: 'info', message: 'audit log closed', facts: { run, sequence: 6, head: hash } },
    ]);
    expect(await verdictOf([readFileSync(made.file)], [hash])).toMatchObject({
      whole: true,
      missingHeads: [],
    });
  });

  it('is made for its owner alone', () => {
    oneCall(made.log);
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
  });

  it('ends what is under way when it is closed, and takes nothing more', async () => {
    const call = made.log.begin('a', { resource: 'scout://web1/etc/hostname' });
    const step = call.onHost('web1', { path: '/etc/hostname' });
    made.log.close();
    step.end({ outcome: 'ok', bytes: 1 });
    call.end({ outcome: 'ok', bytes: 1 });
    made.log.close();
    expect(linesOf(made.file).map(({ event, outcome }) => outcome ?? event)).toEqual([
      'start',
      'intent',
      'intent',
      'cancelled',
      'cancelled',
      'end',
    ]);
    expect(() => made.log.begin('b', { resource: 'x' })).toThrow(refusal(/shutting down/));
    expect(await verdictOf([readFileSync(made.file)])).toMatchObject({ whole: true });
  });

  it('holds what was asked for short, visible, and without its secrets', () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const args = {
      command: `echo ${secret} \u202e\x1b[31m ${'a'.repeat(100_000)} ${secret}`,
      [secret]: [secret],
      ['__proto__']: { a: { b: { c: { d: 'deep' } } } },
      many: Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => 7)),
      long: 'x'.repeat(1_000_000),
    };
    const call = made.log.begin('a', { tool: 'scout_query', arguments: args });
    call.onHost('web\u202e', { command: `${secret}\n${'b'.repeat(200_000)}`, cwd: `/${secret}` });
    call.onHost('web1', { path: `/${secret}` });
    made.log.begin('b', { resource: `scout://${secret}/x` });
    const text = readFileSync(made.file, 'utf8');
    expect(text).not.toContain(secret);
    expect(text.match(/redacted:/g)?.length).toBeGreaterThanOrEqual(6);
    expect(text).not.toMatch(/[\u202e\x00-\x09\x0b-\x1f]/);
    expect(text).toContain('more characters');
    for (const line of text.split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(64 * 1024);
  });

  it.each([undefined, null, 'text', 7, [], [undefined]])('takes arguments that are no object: %j', (args) => {
    made.log.begin('a', { tool: 'x', arguments: args });
    expect(linesOf(made.file)).toHaveLength(2);
  });
});

describe('a file of several processes', () => {
  it('holds 1,000 lines and more of each of them, every chain whole', async () => {
    const program = await makeProgram(
      `import { AuditLog } from '/src/observe/audit-log.ts';
       const log = new AuditLog(process.argv[2], () => {});
       for (let n = 0; n < 500; n += 1) log.begin('c' + n, { resource: 'x'.repeat((n * 37) % 6000) }).end({ outcome: 'ok', bytes: n });
       log.close();`,
    );
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [program, made.file], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    const report = await verdictOf([readFileSync(made.file)]);
    expect(report).toMatchObject({ whole: true, noteCount: 0 });
    expect(report.runs.map(({ lines, notes }) => [lines, notes])).toEqual(
      Array.from({ length: 4 }, () => [1_002, []]),
    );
    const order = linesOf(made.file).map(({ run }) => run);
    const changes = order.filter((run, index) => index > 0 && run !== order[index - 1]).length;
    expect(changes).toBeGreaterThan(4); // they really wrote at once
  });
});

describe('rotation', () => {
  it('by another name: the run says in the new file that it goes on, and both together are whole', async () => {
    oneCall(made.log);
    renameSync(made.file, `${made.file}.1`);
    oneCall(made.log);
    made.log.close();
    expect(linesOf(made.file).map(({ event }) => event)).toEqual([
      'continued',
      'intent',
      'intent',
      'outcome',
      'outcome',
      'end',
    ]);
    const [old, now] = [readFileSync(`${made.file}.1`), readFileSync(made.file)];
    expect(await verdictOf([old, now])).toMatchObject({ whole: true, runs: [{ lines: 11, notes: [] }] });
    expect(await verdictOf([now])).toMatchObject({
      whole: true,
      runs: [{ notes: [expect.stringMatching(/^begins at sequence 6/)] }],
    });
    expect(await verdictOf([now, old])).toMatchObject({ whole: false });
  });

  it('with a new file made by logrotate, with copytruncate, and with the file removed', async () => {
    oneCall(made.log);
    renameSync(made.file, `${made.file}.3`);
    writeFileSync(made.file, '', { mode: 0o640 });
    oneCall(made.log);
    writeFileSync(`${made.file}.2`, readFileSync(made.file));
    truncateSync(made.file);
    oneCall(made.log);
    expect(linesOf(made.file)[0]).toMatchObject({ event: 'continued' });
    writeFileSync(`${made.file}.1`, readFileSync(made.file));
    unlinkSync(made.file);
    oneCall(made.log);
    made.log.close();
    const files = ['.3', '.2', '.1', ''].map((end) => readFileSync(`${made.file}${end}`));
    expect(await verdictOf(files)).toMatchObject({ whole: true, runs: [{ notes: [] }] });
    expect(await verdictOf([...files.slice(0, 2), ...files.slice(3)])).toMatchObject({ whole: false });
  });

  it('in the middle of a call', async () => {
    const call = made.log.begin('a', { resource: 'x' });
    renameSync(made.file, `${made.file}.1`);
    call.end({ outcome: 'ok', bytes: 0 });
    made.log.close();
    const files = [`${made.file}.1`, made.file].map((file) => readFileSync(file));
    expect(await verdictOf(files)).toMatchObject({ whole: true });
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
  });

  it('into a directory that was gone for a while', async () => {
    oneCall(made.log);
    const away = `${made.directory}-away`;
    renameSync(made.directory, away);
    expect(() => oneCall(made.log)).toThrow(refusal(/its directory does not exist/));
    mkdirSync(made.directory);
    oneCall(made.log);
    const old = readFileSync(join(away, 'audit.jsonl'));
    rmSync(away, { recursive: true });
    expect(linesOf(made.file)[0]).toMatchObject({ event: 'continued', sequence: 6 });
    expect(await verdictOf([old, readFileSync(made.file)])).toMatchObject({ whole: true });
  });
});

describe('a line that cannot be written refuses the call', () => {
  const cases: [string, (file: string) => void, RegExp][] = [
    [
      'a directory that is missing',
      (file) => rmSync(join(file, '..'), { recursive: true }),
      /its directory does not exist/,
    ],
    ['a directory in its place', (file) => mkdirSync(file), /it is a directory/],
    ['a symbolic link', (file) => symlinkSync(`${file}.real`, file), /it is a symbolic link/],
    [
      'a link to a file',
      (file) => {
        writeFileSync(`${file}.real`, '', { mode: 0o600 });
        symlinkSync(`${file}.real`, file);
      },
      /symbolic link/,
    ],
    ['a FIFO', (file) => execFileSync('mkfifo', ['-m', '600', file]), /not a regular file/],
    ['a device', (file) => execFileSync('mknod', ['-m', '600', file, 'c', '1', '7']), /not a regular file/],
    ['a file that all may read', (file) => writeFileSync(file, '', { mode: 0o644 }), /others than its owner/],
    [
      'a file that its group may write',
      (file) => {
        writeFileSync(file, '');
        chmodSync(file, 0o660);
      },
      /others than its owner/,
    ],
    [
      'a file of another user',
      (file) => {
        writeFileSync(file, '', { mode: 0o600 });
        chownSync(file, 65_534, 0);
      },
      /another user/,
    ],
  ];
  it.each(cases)('%s', (_, prepare, what) => {
    prepare(made.file);
    expect(() => oneCall(made.log)).toThrow(refusal(what));
    expect(() => oneCall(made.log)).toThrow(refusal(what));
    expect(made.said).toMatchObject([{ level: 'error', facts: { file: made.file } }]); // once
    expect(existsSync(`${made.file}.real`) && readFileSync(`${made.file}.real`, 'utf8')).toBeFalsy();
  });

  it('rights that were widened meanwhile', () => {
    oneCall(made.log);
    chmodSync(made.file, 0o666);
    expect(() => oneCall(made.log)).toThrow(refusal(/chmod 600|others than its owner/));
    chmodSync(made.file, 0o640); // a log shipper in its group may read
    oneCall(made.log);
  });

  it('a full disk, whose torn line harms nobody, and calls go on when there is room', async () => {
    const disk = made.directory;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]);
    try {
      const other = made.openLog();
      const long = 'y'.repeat(1_500);
      oneCall(other);
      const full = () => {
        for (let n = 0; n < 50; n += 1) oneCall(made.log, long);
      };
      expect(full).toThrow(refusal(/no space is left/));
      expect(() => oneCall(made.log, long)).toThrow(refusal(/no space is left/));
      expect(() => oneCall(other, long)).toThrow(refusal(/no space is left/));
      expect(readFileSync(made.file).at(-1)).not.toBe(0x0a); // torn indeed
      expect(await verdictOf([readFileSync(made.file)])).toMatchObject({ whole: true });
      execFileSync('mount', ['-o', 'remount,size=64k', disk]);
      oneCall(other);
      oneCall(made.log, long);
      other.close();
      made.log.close();
      const report = await verdictOf([readFileSync(made.file)]);
      expect(report).toMatchObject({ whole: true, runs: [{ notes: [] }, { notes: [] }] });
      expect(report.notes.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^torn/));
    } finally {
      made.log.close();
      execFileSync('umount', ['-l', disk]);
    }
  });

  it('a read-only file system', () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', made.directory]);
    try {
      expect(() => oneCall(made.log)).toThrow(refusal(/its file system is read-only/));
    } finally {
      execFileSync('umount', ['-l', made.directory]);
    }
  });

  it('a directory without the right to write', () => {
    chmodSync(made.directory, 0o555);
    const seteuid = process.seteuid?.bind(process);
    const self = process.geteuid?.() ?? 0;
    seteuid?.(65_534);
    try {
      expect(() => oneCall(made.log)).toThrow(refusal(/there is no permission/));
    } finally {
      seteuid?.(self);
    }
  });

  it('and a line that another process left torn is ended before the next', async () => {
    oneCall(made.log);
    appendFileSync(made.file, '{"time":"2026-01-01T00:00:00.000Z","run":"00000000000');
    oneCall(made.log);
    const text = readFileSync(made.file, 'utf8');
    expect(text.split('\n').filter((line) => line.endsWith('"}'))).toHaveLength(9);
    expect(await verdictOf([text])).toMatchObject({ whole: true, notes: [{ line: 6 }] });
  });
});
