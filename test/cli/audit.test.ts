import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linesOf, makeLog, oneCall } from '../observe/audit-fixtures.ts';
import { run } from './run-main.ts';

let made: ReturnType<typeof makeLog>;
let head: string;

beforeEach(() => {
  made = makeLog();
  oneCall(made.log);
  made.log.close();
  head = linesOf(made.file).at(-1)?.hash;
});
afterEach(() => {
  made.remove();
  vi.unstubAllEnvs();
});

async function verify(...argv: string[]) {
  return await run('audit', ...argv);
}

describe('scout-mcp audit verify', () => {
  it('says of a whole log what runs it holds', async () => {
    const [first, ...others] = linesOf(made.file);
    expect(await verify('verify', made.file, '--head', head)).toEqual({
      code: 0,
      stderr: '',
      stdout: `run ${first?.run}: whole\n  6 lines, ${first?.time} to ${others.at(-1)?.time}\n  head ${head}\nThe audit log is whole: 1 run.\n`,
    });
  });

  it('names the line of the first break and exits with 1', async () => {
    const text = readFileSync(made.file, 'utf8');
    writeFileSync(made.file, text.replace('"exit_code":0', '"exit_code":1'));
    const { stdout, code } = await verify('verify', made.file);
    expect(code).toBe(1);
    expect(stdout).toContain(': BROKEN\n');
    expect(stdout).toContain('audit.jsonl line 4: it was changed: its hash does not fit it\n');
    expect(stdout).toMatch(/The audit log is NOT whole\.\n$/);
  });

  it('finds a cut tail by its head, and only notes it without', async () => {
    const text = readFileSync(made.file, 'utf8').trimEnd();
    writeFileSync(made.file, text.slice(0, text.lastIndexOf('\n') + 1));
    const without = await verify('verify', made.file);
    expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining('no end line: still running') });
    const withHead = await verify('verify', '--head', head.toUpperCase(), made.file);
    expect(withHead).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`head ${head} is on no line`),
    });
  });

  it('reads several files as one log', async () => {
    const other = makeLog();
    oneCall(other.log);
    expect((await verify('verify', made.file, other.file)).stdout).toContain('whole: 2 runs.');
    other.log.close();
    other.remove();
  });

  it('gives the structured result', async () => {
    const { stdout } = await verify('verify', made.file, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ whole: true, runs: [{ lines: 6, head }] });
  });

  it('says why a file cannot be read, waits for no FIFO, and exits with 1', async () => {
    const fifo = join(made.directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const cases = [
      [join(made.directory, 'nope'), 'ENOENT'],
      [made.directory, 'not a regular file'],
      [fifo, 'not a regular file'],
      ['/dev/zero', 'not a regular file'],
    ] as const;
    for (const [file, why] of cases) {
      const { code, stdout, stderr } = await verify('verify', file);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(why);
    }
  });

  it.each([[[]], [['verify']], [['verify', 'a', '--head', 'abc']], [['verify', 'a', '--no']], [['prove']]])(
    'exits with 2 for %j',
    async (argv) => {
      expect((await verify(...argv)).code).toBe(2);
    },
  );
});

it('The commands of a shell leave the lines that a client would, and a person’s own commands none', async () => {
  const log = join(made.directory, 'shell.jsonl');
  const config = join(made.directory, 'config');
  writeFileSync(config, 'Host web1\n  HostName 127.0.0.1\n  Port 1\n');
  vi.stubEnv('SCOUT_SSH_CONFIG', config);
  vi.stubEnv('SCOUT_AUDIT_LOG', log);
  await run('doctor', 'web1');
  expect(existsSync(log)).toBe(false);
  await run('hosts', 'web*');
  await run('call', 'scout_query', 'hosts=web1', 'command=uptime');
  expect(linesOf(log).map(({ event, tool, outcome }) => outcome ?? tool ?? event)).toEqual([
    ...['start', 'scout_hosts', 'ok', 'end'],
    ...['start', 'scout_query', 'scout_query', 'unreachable', 'unreachable', 'end'],
  ]);
  expect((await verify('verify', log)).stdout).toContain('whole: 2 runs.');
});
