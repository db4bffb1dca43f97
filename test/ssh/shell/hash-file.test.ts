import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import type { RunScript } from '../../../src/ssh/shell/file-door.ts';
import { hashFile } from '../../../src/ssh/shell/hash-file.ts';
import { busyBoxTools, runWith, type ToolSet } from './tool-sets.ts';

const { signal } = new AbortController();
const denied = defaultDenyPaths();
const directory = mkdtempSync(join(tmpdir(), 'scout-hash-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const home = join(directory, 'home');
mkdirSync(join(home, '.ssh'), { recursive: true });
writeFileSync(join(home, 'plain'), 'one\ntwo');
writeFileSync(join(home, "it's\n-n"), 'hard');
writeFileSync(join(home, 'empty'), '');
writeFileSync(join(home, 'closed'), 'x', { mode: 0o600 });
writeFileSync(join(home, '.ssh/id_rsa'), 'x');
symlinkSync('.ssh/id_rsa', join(home, 'key'));
symlinkSync('plain', join(home, 'link'));
symlinkSync('/proc/kmsg', join(home, 'kernel'));
spawnSync('mkfifo', [join(home, 'fifo')]);
chownSync(join(home, 'plain'), 1, 1);

const base = ['sh', 'ls', 'date', 'readlink', 'cat', 'stat'];
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

/** A program of that name that hashes stdin and prints as the real one does; it refuses other options. */
function standIn([sh, path]: ToolSet, name: string, words: string, print: string): ToolSet {
  const script = `#!/bin/sh\n[ "$*" = "${words}" ] || exit 2\nh=$(/usr/bin/sha256sum); printf '${print}\\n' "\${h%% *}"\n`;
  writeFileSync(join(path, name), script, { mode: 0o755 });
  return [sh, path];
}

const tools = (name: string) => busyBoxTools(join(directory, name), base);
const systems: readonly (readonly [string, RunScript])[] = [
  ['GNU coreutils', runWith(['/bin/sh', '/usr/bin:/bin'], home, denied)],
  ['BusyBox', runWith(busyBoxTools(join(directory, 'busybox'), [...base, 'sha256sum']), home, denied)],
  ['shasum, as macOS has it', runWith(standIn(tools('mac'), 'shasum', '-a 256', '%s  -'), home, denied)],
  [
    'OpenSSL 3',
    runWith(standIn(tools('openssl'), 'openssl', 'dgst -sha256', 'SHA2-256(stdin)= %s'), home, denied),
  ],
  ['sha256, as the BSDs have it', runWith(standIn(tools('bsd'), 'sha256', '-q', '%s'), home, denied)],
];

describe.each(systems)('with %s', (_, run) => {
  const hash = (path: string) => hashFile(run, path, signal);

  test('a file is hashed where it is, whatever its name', async () => {
    expect(await hash(`${home}/plain`)).toMatchObject({
      sha256: sha('one\ntwo'),
      facts: { kind: 'file', sizeBytes: 7, ownerId: 1 },
    });
    expect(await hash('link')).toMatchObject({ sha256: sha('one\ntwo'), facts: { kind: 'file' } });
    expect(await hash("~/it's\n-n")).toMatchObject({ sha256: sha('hard') });
    expect(await hash('empty')).toMatchObject({ sha256: sha(''), facts: { sizeBytes: 0 } });
    expect((await hash('/proc/version')).sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('what is no regular file is named and not opened', async () => {
    expect(await hash('fifo')).toMatchObject({ sha256: undefined, facts: { kind: 'fifo' } });
    expect(await hash('~')).toMatchObject({ sha256: undefined, facts: { kind: 'directory' } });
    expect(await hash('/dev/null')).toMatchObject({ facts: { kind: 'character device' } });
  });

  test('what cannot be read is an error with its reason', async () => {
    const code = (path: string) =>
      hash(path).then(
        () => 'none',
        (error) => error.code,
      );
    expect(await code('nope')).toBe('path_not_found');
    expect(await code('closed')).toBe('permission_denied');
    expect(await code('plain/below')).toBe('not_a_directory');
    expect(await code('key')).toBe('path_denied');
    expect(await code('/proc/self/mem')).toBe('path_denied');
    expect(await code('kernel')).toBe('path_denied');
  });
});

test('a machine without any such program gives facts and no digest', async () => {
  const run = runWith(tools('none'), home, denied);
  expect(await hashFile(run, 'plain', signal)).toMatchObject({
    sha256: undefined,
    facts: { kind: 'file', sizeBytes: 7 },
  });
});

test('a program that fails after the file was opened is an error, not another one that sees the rest', async () => {
  const set = busyBoxTools(join(directory, 'failing'), base);
  writeFileSync(join(set[1], 'sha256sum'), '#!/bin/sh\nread line; exit 1\n', { mode: 0o755 });
  standIn(set, 'sha256', '-q', '%s');
  await expect(hashFile(runWith(set, home, denied), 'plain', signal)).rejects.toMatchObject({
    code: 'unsupported_file',
  });
});
