import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { hostileNames } from './values.ts';

const files: Readonly<Record<string, string | Buffer>> = {
  'a.log': 'b 2\na 1\na 1\nx 3 error\nENV=1\n',
  'b.log': 'a 1\nc 3\n',
  'sub/c': 'x\n',
  'sub/deep/d.log': 'deep error\n',
  'x.json': '{"name":"x","env":{"a":1},"list":[1,2,{"state":"running"}]}\n',
  'a.log.gz': gzipSync('packed error\nline 2\n'),
  names0: 'a.log\0b.log\0',
  run: '#!/bin/sh\n>ran\n>"$HOME/ran"\n',
  '.ssh/authorized_keys': '# keys\n',
  '.bashrc': '# nothing\n',
  '.hidden': 'h\n',
};

/**
 * Fill the directory with files that a command could change and that the account may write to: plain ones, names
 * that look like options and shell text, a program that leaves a mark, files and directories open to everybody,
 * links.
 */
export function plantCanaries(directory: string, { uid, gid }: { uid: number; gid: number }): void {
  const texts = hostileNames.map((name) => [name, `${name}\nerror 1\n`] as const);
  for (const [name, content] of [...Object.entries(files), ...texts]) {
    if (name === '.' || name.includes('/') || name === '--')
      mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  chmodSync(join(directory, 'run'), 0o755);
  symlinkSync('a.log', join(directory, 'link'));
  symlinkSync('nowhere', join(directory, 'dangling'));
  spawnSync('chown', ['-hR', `${uid}:${gid}`, directory]);
  mkdirSync(join(directory, 'open'));
  writeFileSync(join(directory, 'open', 'to-all'), 'x\n');
  for (const path of ['open', 'open/to-all'])
    chmodSync(join(directory, path), path === 'open' ? 0o777 : 0o666);
  chownSync(directory, uid, gid);
  lchownSync(join(directory, 'link'), uid, gid);
}
