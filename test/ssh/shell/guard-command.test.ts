import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DenyPaths, defaultDenyPaths } from '../../../src/deny-paths.ts';
import { pathDenied, pathTrapped } from '../../../src/path-denied.ts';
import { judge } from '../../../src/policy/index.ts';
import { guardCommand } from '../../../src/ssh/shell/guard-command.ts';
import { booted } from './tool-sets.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'scout-guard-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));
mkdirSync(join(top, 'home/.ssh/deep'), { recursive: true });
mkdirSync(join(top, 'links\n'));
mkdirSync(join(top, 'etc'));
for (const name of ['.ssh/id_rsa', '.ssh/config', '.ssh/deep/key', 'notes']) {
  writeFileSync(join(top, 'home', name), `content of ${name}\n`);
}
for (const [link, target] of Object.entries({
  'links\n/to-key': `${top}/home/.ssh/id_rsa`,
  'links\n/relative': '../home/.ssh/id_rsa',
  'links\n/chain': 'chain2',
  'links\n/chain2': './relative',
  'links\n/directory': '../home/.ssh',
  'links\n/into': 'directory/deep',
  'links\n/to-config': 'directory/config',
  'links\n/to-notes': '../home/notes',
  'links\n/loop': 'loop',
  'links\n/dangling': 'nowhere',
  'links\n/environ': '/proc/self/environ',
  'links\n/kmsg': 'proc/kmsg',
  'links\n/proc': '/proc',
  'links\n/events': '/proc/acpi/event',
  'links\n/sys': '/sys',
  'links\n/input': '/proc/self/fd/0',
  'links\n/zero': '/dev/zero',
  'links\n/devices': '/dev',
  'links\n/top': '/',
  'links\n/tasks': `/proc/${process.pid}/task`,
  'links\n/sysctl': '/proc/sys/kernel/random',
  'links\n/to-null': '/dev/null',
})) {
  symlinkSync(target, join(top, link));
}

function run(
  shell: readonly string[],
  command: string,
  cwd = join(top, 'links\n'),
  denied = defaultDenyPaths(),
) {
  const verdict = judge(command, '', denied);
  if (!verdict.allowed) throw new Error(`${command}: ${verdict.refusal.reason}`);
  const guarded = guardCommand(verdict.canonical, verdict.opened);
  const [program = '', ...first] = shell;
  const { stdout, stderr, status } = spawnSync(program, [...first, '-c', booted(denied, guarded.command)], {
    env: { PATH: '/usr/bin:/bin', HOME: join(top, 'home'), LC_ALL: 'C', S3CRET: 'content of environment' },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 5_000,
    killSignal: 'SIGKILL',
  });
  const refusal = guarded.refusal(status ?? undefined, stderr);
  return { stdout: stdout.toString(), refused: refusal?.message, status };
}

const deniedOf = (path: string) => pathDenied(path).message;
const trappedOf = (path: string) => pathTrapped(path).message;

describe.each([['/bin/dash'], ['/bin/bash'], ['/bin/busybox', 'sh']])('a command under %s', (...shell) => {
  it.each([
    ['cat to-key', 'to-key'],
    ['cat ./relative', './relative'],
    ['cat chain', 'chain'],
    ['cat directory/id_rsa', 'directory/id_rsa'],
    ['cat ./directory/../id_rsa ./directory/i*', './directory/id_rsa'],
    ['head -5 into/key', 'into/key'],
    ['grep -r content directory', 'directory'],
    ['grep -r content into', 'into'],
    ['grep -f to-key to-notes', 'to-key'],
    ['grep --file=to-key to-notes', 'to-key'],
    ['cat < to-key', 'to-key'],
    ['true | cat to-notes to-key', 'to-key'],
    ['zcat -f to-key', 'to-key'],
    ['sort ./to-n* ./to-k*', './to-key'],
    ['cat environ', 'environ'],
    [`cat '${top}/links\n/to-key'`, `${top}/links\n/to-key`],
    ['diff -s to-key to-notes', 'to-key'],
  ])('is not run where a link leads to what is denied: %s', (command, path) => {
    expect(run(shell, command)).toMatchObject({ stdout: '', refused: deniedOf(path) });
  });

  it('is not run in a directory that is denied by its real name', () => {
    expect(run(shell, 'cat id_rsa', join(top, 'links\n/directory'))).toMatchObject({
      stdout: '',
      refused: deniedOf('id_rsa'),
    });
    expect(run(shell, 'grep -r content', join(top, 'links\n/into'))).toMatchObject({
      stdout: '',
      refused: deniedOf('.'),
    });
    expect(run(shell, 'cat ./key', join(top, 'links\n/into'))).toMatchObject({
      stdout: '',
      refused: deniedOf('./key'),
    });
  });

  it.each([
    ['cat kmsg', 'kmsg'],
    ['head -c 1 proc/kmsg', 'proc/kmsg'],
    ['tail events', 'events'],
    ['cat sys/kernel/tracing/trace_pipe', 'sys/kernel/tracing/trace_pipe'],
    ['cat < input', 'input'],
    ['head -c 1 zero', 'zero'],
    ['cat to-notes zero', 'zero'],
    ['grep -r x proc', 'proc'],
    ['grep -r x proc/self', 'proc/self'],
    ['grep -r x sys', 'sys'],
    ['grep -r x top', 'top'],
    ['grep -r x tasks', 'tasks'],
    [`grep -r x tasks/${process.pid}`, `tasks/${process.pid}`],
    ['grep -r x sys/kernel/debug', 'sys/kernel/debug'],
    ['grep -r x devices', 'devices'],
  ])('is not run where a link leads to what does more than be read: %s', (command, path) => {
    for (const denied of [defaultDenyPaths(), new DenyPaths([])])
      expect(run(shell, command, undefined, denied)).toMatchObject({ stdout: '', refused: trappedOf(path) });
  });

  it('is not run where it opens a disk', (context) => {
    const disk = join(top, 'home/disk');
    const made = existsSync(disk) || spawnSync('mknod', [disk, 'b', '7', '0']).status === 0;
    if (!made) context.skip('a block device cannot be made here');
    expect(run(shell, 'head -c 1 ~/disk')).toMatchObject({ stdout: '', refused: trappedOf(disk) });
  });

  it('is not run in a directory of such files', () => {
    expect(run(shell, 'cat ./kmsg', '/proc')).toMatchObject({ stdout: '', refused: trappedOf('./kmsg') });
    expect(run(shell, 'grep -r x', '/')).toMatchObject({ stdout: '', refused: trappedOf('.') });
    expect(run(shell, 'head -c 1 zero', '/dev')).toMatchObject({ stdout: '', refused: trappedOf('zero') });
  });

  it.each([
    ['cat to-null /dev/null', ''],
    ['cat proc/version', readFileSync('/proc/version', 'utf8')],
    ['ls -d sys/kernel/debug zero', 'sys/kernel/debug\nzero\n'],
    ['grep -s text /proc /sys/kernel', ''],
    ['grep -rs nothing sysctl', ''],
    ['grep -rs nothing /proc/net/stat', ''],
    ['readlink kmsg', 'proc/kmsg\n'],
    ['cat to-config', 'content of .ssh/config\n'],
    ['cat to-notes ~/notes', 'content of notes\ncontent of notes\n'],
    ['true | cat to-notes -', 'content of notes\n'],
    ['cat loop dangling missing none/x ./no*', ''],
    ['ls directory', 'config\ndeep\nid_rsa\n'],
    ['readlink to-key', `${top}/home/.ssh/id_rsa\n`],
    ['grep -c content < to-notes', '1\n'],
  ])('runs as it is otherwise: %s', (command, stdout) => {
    expect(run(shell, command)).toMatchObject({ stdout, refused: undefined });
  });

  it('keeps its status', () => {
    expect(run(shell, 'grep -q nothing to-notes').status).toBe(1);
    expect(run(shell, 'cat to-notes && false').status).toBe(1);
  });

  it('is not looked at where nothing is denied', () => {
    expect(run(shell, 'cat to-key', undefined, new DenyPaths([])).stdout).toBe('content of .ssh/id_rsa\n');
  });
});
