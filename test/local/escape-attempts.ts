import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { canary, type Ground, mountTiny, system } from './ground.ts';

/** What it is, and what makes it: gives the path to ask for. */
export type Attempt = readonly [title: string, prepare: (ground: Ground) => string];

const link =
  (target: (ground: Ground) => string, rest = '') =>
  (ground: Ground) => {
    symlinkSync(target(ground), join(ground.root, 'way'));
    return `${ground.root}/way${rest}`;
  };

/** What none may read, write, list or make: outside, in every way to say it. */
export const leadOut: readonly Attempt[] = [
  ['the file beside the root', ({ base }) => `${base}/secret.txt`],
  ['a missing file beside the root', ({ base }) => `${base}/missing.txt`],
  ['a directory that begins as the root does', ({ base }) => `${base}/root-twin/secret.txt`],
  ['the directory above', ({ base }) => base],
  ['the root of the file system', () => '/'],
  ['doubled slashes', ({ outside }) => `//${outside}//secret.txt`],
  ['a dot in an outside path', ({ base }) => `${base}/./outside/./secret.txt`],
  ['the root in capitals', ({ root }) => `${root.replace(/root$/, 'ROOT')}/plain.txt`],
  ['the root in full-width letters', ({ root }) => `${root.replace(/root$/, 'ｒｏｏｔ')}/plain.txt`],
  ['/etc/passwd', () => '/etc/passwd'],
  ['the home directory', () => '~'],
  ['a file of the home directory', () => '~/.bashrc'],
  ['another user by name', () => '/~root/.bashrc'],
  ['/proc/self/root', ({ outside }) => `/proc/self/root${outside}/secret.txt`],
  ['the root by way of /proc/self/root', ({ root }) => `/proc/self/root${root}/plain.txt`],
  ['/proc/self/cwd', () => '/proc/self/cwd/package.json'],
  ['/proc/self/environ', () => '/proc/self/environ'],
  ['/proc/self/fd', (ground) => `/proc/self/fd/${openOutside(ground)}`],
  ['/dev/fd', (ground) => `/dev/fd/${openOutside(ground)}`],
  ['/dev/stdin', () => '/dev/stdin'],
  ['/dev/null', () => '/dev/null'],
  ['/dev/zero', () => '/dev/zero'],
  ['a link to a file', link(({ outside }) => `${outside}/secret.txt`)],
  ['a link to a missing file', link(({ outside }) => `${outside}/missing.txt`)],
  ['a relative link to a file', link(() => '../outside/secret.txt')],
  ['a relative link with far too many ..', link(() => `${'../'.repeat(60)}etc/passwd`)],
  ['a link to a directory', link(({ outside }) => outside)],
  ['a link to a directory, with a slash', link(({ outside }) => outside, '/')],
  ['a name in a linked directory', link(({ outside }) => outside, '/secret.txt')],
  ['a missing name in a linked directory', link(({ outside }) => outside, '/missing.txt')],
  ['a relative link to a directory', link(() => '../outside', '/secret.txt')],
  ['a link to the parent of the root', link(() => '..', '/secret.txt')],
  ['a link to the root of the file system', link(() => '/', '/etc/passwd')],
  ['a link that goes in before it goes out', link(() => 'sub/../../outside', '/secret.txt')],
  ['a link that goes deep before it goes out', link(() => 'sub/deep/../../../outside/secret.txt')],
  ['a link through the name of the root', link(() => '../root/../outside/secret.txt')],
  ['an absolute link that goes in first', link(({ root }) => `${root}/sub/../../outside/secret.txt`)],
  ['an absolute link with .. before the root', link(({ base }) => `${base}/outside/../outside/secret.txt`)],
  ['a link to the twin of the root', link(({ root }) => `${root}-twin/secret.txt`)],
  ['a link with doubled slashes', link(({ outside }) => `//${outside}//secret.txt`)],
  ['a link to /proc/self/root', link(() => '/proc/self/root', '/etc/passwd')],
  ['a link to the root by /proc/self/root', link(({ root }) => `/proc/self/root${root}/plain.txt`)],
  ['a link to /proc/self/cwd', link(() => '/proc/self/cwd', '/package.json')],
  ['a link to /proc/self/environ', link(() => '/proc/self/environ')],
  ['a link to /proc/self/fd', link((ground) => `/proc/self/fd/${openOutside(ground)}`)],
  ['a link to /dev/stdin', link(() => '/dev/stdin')],
  ['a link to /dev/fd', link((ground) => `/dev/fd/${openOutside(ground)}`)],
  ['a link to /dev/tty', link(() => '/dev/tty')],
  ['a link to /dev/zero', link(() => '/dev/zero')],
  [
    'a chain of links',
    ({ root, outside }) => {
      symlinkSync(`${outside}/secret.txt`, join(root, 'c0'));
      for (let place = 1; place < 8; place++) symlinkSync(`c${place - 1}`, join(root, `c${place}`));
      return `${root}/c7`;
    },
  ],
  [
    'a chain through directories',
    ({ root }) => {
      symlinkSync('../sub', join(root, 'sub', 'round'));
      symlinkSync('../../outside', join(root, 'sub', 'out'));
      return `${root}/sub/round/round/out/secret.txt`;
    },
  ],
  [
    'a link up, whose .. then leads out',
    ({ root }) => {
      symlinkSync('..', join(root, 'sub', 'up'));
      symlinkSync('up/../outside/secret.txt', join(root, 'sub', 'way'));
      return `${root}/sub/way`;
    },
  ],
  [
    'a link deep down, whose .. looks as if it stayed',
    ({ root }) => {
      symlinkSync('.', join(root, 'here'));
      symlinkSync('here/../outside/secret.txt', join(root, 'way'));
      return `${root}/way`;
    },
  ],
  [
    'a link in a directory with a line feed in its name',
    ({ root, outside }) => {
      mkdirSync(join(root, 'a\nb'));
      symlinkSync(outside, join(root, 'a\nb', 'c\nd'));
      return `${root}/a\nb/c\nd/secret.txt`;
    },
  ],
  [
    'a link whose name is not in one normal form',
    ({ root, outside }) => {
      symlinkSync(outside, join(root, 'cafe\u0301'));
      symlinkSync(outside, join(root, 'caf\u00e9'));
      return `${root}/cafe\u0301/secret.txt`;
    },
  ],
  [
    'a link in a mounted file system',
    ({ root, outside }) => {
      symlinkSync(outside, join(mountTiny(`${root}/tiny`), 'way'));
      return `${root}/tiny/way/secret.txt`;
    },
  ],
  [
    'a .. out of a mounted file system',
    ({ root }) => {
      symlinkSync('../../secret.txt', join(mountTiny(`${root}/tiny`), 'way'));
      return `${root}/tiny/way`;
    },
  ],
  [
    'a directory that became a link after it was looked at',
    ({ root, outside }) => {
      rmSync(`${root}/sub`, { recursive: true });
      symlinkSync(outside, `${root}/sub`);
      return `${root}/sub/secret.txt`;
    },
  ],
  [
    'a file that became a link after it was looked at',
    ({ root, outside }) => {
      rmSync(`${root}/plain.txt`);
      symlinkSync(`${outside}/secret.txt`, `${root}/plain.txt`);
      return `${root}/plain.txt`;
    },
  ],
  [
    'a directory that was moved out, with a link left behind',
    ({ root, outside }) => {
      renameSync(`${root}/sub`, `${outside}/sub`);
      writeFileSync(`${outside}/sub/inner.txt`, canary);
      symlinkSync(`${outside}/sub`, `${root}/sub`);
      return `${root}/sub/inner.txt`;
    },
  ],
];

/** Not even a place: refused by its text. */
export const noPlaces: readonly Attempt[] = [
  ['nothing', () => ''],
  ['a zero byte', ({ root }) => `${root}/plain.txt\0/../../secret.txt`],
  ['a zero byte at the end', ({ root }) => `${root}/plain.txt\0`],
  ['..', ({ root }) => `${root}/../secret.txt`],
  ['.. that stays', ({ root }) => `${root}/sub/../plain.txt`],
  ['.. at the end', ({ root }) => `${root}/..`],
  ['.. at the end, with a slash', ({ root }) => `${root}/../`],
  ['.. from a relative start', () => '../secret.txt'],
  ['.. behind ~', () => '~/../etc/passwd'],
  ['.. alone', () => '..'],
  ['.. behind a missing name', ({ root }) => `${root}/missing/../../secret.txt`],
  ['a name too long', ({ root }) => `${root}/${'n'.repeat(256)}`],
  ['a path too long', ({ root }) => `${root}/${'sub/'.repeat(2_000)}x`],
];

/** In the root, but no file: never opened. */
export const noFiles: readonly Attempt[] = [
  ['a FIFO', ({ root }) => make('mkfifo', `${root}/x`)],
  ['a character device', ({ root }) => make('mknod', `${root}/x`, 'c', '1', '5')],
  ['a block device', ({ root }) => make('mknod', `${root}/x`, 'b', '7', '99')],
  ['a socket', ({ root }) => listenAt(`${root}/x`)],
  [
    'a link to a FIFO',
    ({ root }) => {
      symlinkSync('x', `${root}/link`);
      make('mkfifo', `${root}/x`);
      return `${root}/link`;
    },
  ],
];

/** Names that SCOUT_DENY_PATHS denies, also in another case or spelling. */
export const deniedNames: readonly string[] = [
  '.ssh/id_ed25519',
  '.aws/credentials',
  '.SSH/id_ed25519',
  '.Ssh/ID_RSA',
  '.\u017fsh/id_rsa',
  '.s\u200dsh/id_rsa',
  '.kube/config',
  '.netrc',
  '.NETRC',
];

/** Below a root, and nobody's to copy all the same: by its name, in another case or spelling, or by another name. */
export const denied: readonly Attempt[] = [
  ...deniedNames.map((name): Attempt => [name, ({ root }) => put(`${root}/${name}`)]),
  [
    'a link to a denied file',
    ({ root }) => {
      symlinkSync('.netrc', `${root}/way`);
      put(`${root}/.netrc`);
      return `${root}/way`;
    },
  ],
  ['a hard link to a key of the server', hardLink('home/.ssh/id_any')],
  ['a hard link to its ssh configuration', hardLink('home/.ssh/config')],
  ['a hard link to its audit log', hardLink('audit.jsonl')],
];

/** What the server lives by in these attempts. */
export const ownOf = ({ base }: Pick<Ground, 'base'>) => [`${base}/home/.ssh`, `${base}/audit.jsonl`];

function hardLink(name: string): (ground: Ground) => string {
  return ({ base, root }) => {
    linkSync(put(`${base}/${name}`), `${root}/other-name`);
    return `${root}/other-name`;
  };
}

function put(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, canary);
  return path;
}

/** A descriptor of this process, by which /proc and /dev name a file outside. */
function openOutside({ outside }: Ground): number {
  const file = openSync(`${outside}/secret.txt`, 'r');
  onTestFinished(() => closeSync(file));
  return file;
}

function make(program: string, path: string, ...words: readonly string[]): string {
  system(program, path, ...words);
  return path;
}

function listenAt(path: string): string {
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  return path;
}
