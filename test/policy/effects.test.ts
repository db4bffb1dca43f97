import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { sameOutputText } from './corpus/everyday-text.ts';
import { simple } from './random-commands.ts';

const run = promisify(execFile);
const nobody = 65_534;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scout-effects-'));
  await mkdir(join(directory, 'sub'));
  const texts = {
    'a.log': 'b 2\na 1\na 1\nx 3\n',
    'b.log': 'a 1\nc 3\n',
    'sub/c': 'x\n',
    'x y': 'x\n',
    run: '#!/bin/sh\n>ran\n',
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(directory, name), text);
  await chmod(join(directory, 'run'), 0o755);
  for (const name of ['', ...Object.keys(texts), 'sub']) await chown(join(directory, name), nobody, nobody);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a command that is let through', () => {
  it('leaves every file as it is', async () => {
    const commands = fc.sample(simple, { numRuns: 4_000, seed: 7 }).flatMap((text) => {
      const verdict = judge(text);
      return verdict.allowed ? [verdict.canonical] : [];
    });
    expect(commands.length).toBeGreaterThan(150);
    const before = await snapshot(directory);
    const script = [...new Set(commands)]
      .map((command) => `${command} </dev/null >/dev/null 2>&1\n`)
      .join('');
    await runAsNobody('/bin/dash', script);
    expect(await snapshot(directory)).toEqual(before);
  });

  it.each([
    'cat a.log | sort | uniq -c | sort -rn',
    'sort -u a.log b.log',
    'sort -k2 -n a.log',
    'grep -rn x . --include=*.log | sort',
    'grep -c 1 a.log b.log',
    'grep -v "^a" a.log && echo found || echo none',
    'head -2 a.log; tail -1 b.log',
    'wc -l < a.log',
    'diff -u a.log b.log | tail -n +3',
    'find . -name "*.log" -size -2 | sort',
    'find -type f ! -name a.log -printf "%f\\n" | sort',
    'ls -1 *.log sub',
    'ls *.log -r',
    'stat -c "%s %n" *',
    'tree -L 1',
    'du -a --apparent-size sub | wc -l',
    'test -f a.log && echo yes || echo no',
    '[ -d sub ] && [ ! -e new ] && echo right',
    'printf "%s=%05d\\n" a 1 b 2',
    "echo 'a  b' \"c'd\" e\\ f",
    'rg --no-heading -n x . | sort',
    'file -b a.log',
    'date -u -d @0 +%F',
    'id -u',
    'uname -s',
    'ps -p 1 -o pid=',
    'cat nothing 2>/dev/null; echo end',
    'cat nothing 2>&1 | wc -l',
    'cat x\\ y',
    ...sameOutputText,
  ])('prints what the command as the user wrote it prints: %s', async (command) => {
    const verdict = judge(command);
    if (!verdict.allowed) throw new Error(verdict.refusal.reason);
    const wanted = await runAsNobody('/bin/bash', command);
    expect(wanted).not.toBe('');
    expect(await runAsNobody('/bin/bash', verdict.canonical)).toBe(wanted);
    expect(await runAsNobody('/bin/dash', verdict.canonical)).toBe(wanted);
  });
});

describe('ps', () => {
  it.each([
    'ps aux',
    'ps -ef',
    'ps auxww',
    'ps -eo pid,args',
    'ps -aux',
    'ps -efww -u nobody',
    'ps -C sleep -f -w -w',
  ])('shows no environment of a program: %s', async (command) => {
    const verdict = judge(command);
    if (!verdict.allowed) throw new Error(verdict.refusal.reason);
    const shown = await runAsNobody('/bin/dash', `sleep 9 & ${verdict.canonical}; kill $!`, {
      SECRET: 'only-there',
    });
    expect(shown).toContain('sleep');
    expect(shown).not.toContain('only-there');
  });

  it('would show it by the letter that is refused', async () => {
    const shown = await runAsNobody('/bin/dash', 'sleep 9 & ps axeww; kill $!', { SECRET: 'only-there' });
    expect(shown).toContain('only-there');
  });
});

async function runAsNobody(
  shell: string,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = run(shell, ['-c', script], {
    cwd: directory,
    env: { PATH: '/usr/bin:/bin', HOME: directory, LC_ALL: 'C', ...env },
    uid: nobody,
    gid: nobody,
    timeout: 15_000,
    maxBuffer: 1 << 24,
  });
  child.child.stdin?.end();
  return child.then(
    ({ stdout }) => stdout,
    (error: { stdout: string; killed: boolean }) => {
      if (error.killed) throw error;
      return error.stdout;
    },
  );
}

/** Name, mode, times and content of everything in the directory, and of itself. */
async function snapshot(path: string): Promise<readonly string[]> {
  const { mode, mtimeMs, ctimeMs, isDirectory } = await lstat(path).then((facts) => ({
    mode: facts.mode,
    mtimeMs: facts.mtimeMs,
    ctimeMs: facts.ctimeMs,
    isDirectory: facts.isDirectory(),
  }));
  const own = [path, mode, mtimeMs, ctimeMs, isDirectory ? '' : await readFile(path, 'utf8')].join(' ');
  if (!isDirectory) return [own];
  const names = (await readdir(path)).sort();
  return [own, ...(await Promise.all(names.map((name) => snapshot(join(path, name))))).flat()];
}
