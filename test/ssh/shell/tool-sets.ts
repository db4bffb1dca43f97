import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DenyPaths } from '../../../src/deny-paths.ts';
import { denyLine } from '../../../src/ssh/shell/deny-script.ts';
import type { RunScript } from '../../../src/ssh/shell/file-door.ts';

/** A shell, and the PATH that it finds programs in. */
export type ToolSet = readonly [sh: string, path: string];

/** Scripts run by a shell of their own, as an ordinary user, with nothing in PATH but what is given. */
export function runWith([sh, path]: ToolSet, home: string, denied: DenyPaths): RunScript {
  return (script, sink) =>
    new Promise((resolve, reject) => {
      const env = { PATH: path, HOME: home, LC_ALL: 'C' };
      const child = spawn(sh, ['-c', booted(denied, script)], {
        env,
        cwd: '/',
        uid: 65534,
        gid: 65534,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.on('data', (chunk: Buffer) => sink.stdout(chunk));
      child.stderr.on('data', (chunk: Buffer) => reject(new Error(`stderr: ${chunk}`)));
      child.on('error', reject);
      child.on('close', (code) => resolve({ exitCode: code ?? 255 }));
    });
}

const denyLines = new WeakMap<DenyPaths, string>();

/** A script behind what the boot of a worker defines. */
export function booted(denied: DenyPaths, script: string): string {
  const line = denyLines.get(denied) ?? denyLine(denied);
  denyLines.set(denied, line);
  return `n='\n'; ${line}\n${script}`;
}

/** A directory with links to BusyBox under the names given. */
export function busyBoxTools(path: string, names: readonly string[]): ToolSet {
  mkdirSync(path);
  for (const applet of names) symlinkSync('/bin/busybox', join(path, applet));
  return [join(path, 'sh'), path];
}

/** Adds a stat that takes the options and the format letters of the BSDs (stat(1) of FreeBSD) and no others. */
export function withBsdStat([sh, path]: ToolSet): ToolSet {
  const letters = ['Xp/%f', 'z/%s', 'm/%Y', 'a/%X', 'Su/%U', 'Sg/%G', 'N/%n']
    .map((pair) => `s/%${pair}/`)
    .join(';');
  const script = [
    '#!/bin/sh',
    'L=; if [ "$1" = -L ]; then L=-L; shift; fi; [ "$1" = -f ] || exit 1',
    `format=$(printf %s "$2" | /bin/sed '${letters}'); shift 2; exec /usr/bin/stat $L -c "$format" "$@"`,
  ];
  writeFileSync(join(path, 'stat'), `${script.join('\n')}\n`, { mode: 0o755 });
  return [sh, path];
}
