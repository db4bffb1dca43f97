import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultDenyPaths } from '../../src/deny-paths.ts';
import { ScoutError } from '../../src/errors.ts';
import { localPlaces } from '../../src/local/local-places.ts';
import type { LocalArea, LocalOptions, LocalPath } from '../../src/local/places.ts';

export const never = new AbortController().signal;
export const canary = 'CANARY: nobody but the owner reads this';

/** A root beside what must not be touched, gone with the test. */
export interface Ground {
  readonly base: string;
  readonly root: string;
  readonly outside: string;
}

export function makeGround(): Ground {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'scout-local-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const [root, outside] = [join(base, 'root'), join(base, 'outside')];
  for (const path of [join(root, 'sub', 'deep'), join(outside, 'dir'), join(base, 'root-twin')]) {
    mkdirSync(path, { recursive: true });
  }
  writeFileSync(join(root, 'plain.txt'), 'plain');
  writeFileSync(join(root, 'sub', 'inner.txt'), 'inner');
  for (const path of ['outside/secret.txt', 'outside/dir/secret.txt', 'root-twin/secret.txt', 'secret.txt']) {
    writeFileSync(join(base, path), canary);
  }
  return { base, root, outside };
}

export async function enter(
  { root }: Pick<Ground, 'root'>,
  more: Partial<LocalOptions> = {},
  platform: NodeJS.Platform = 'linux',
): Promise<LocalArea> {
  const options = { roots: [root], denied: defaultDenyPaths(), own: [], homeDir: '/nonexistent', ...more };
  const area = await localPlaces(options, platform).enter(never);
  onTestFinished(() => area.close());
  return area;
}

/** Everything below a directory but one part of it: names, kinds, modes, link targets, contents. */
export function fingerprint(base: string, except: string): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    if (path === except) return;
    const facts = lstatSync(path);
    hash.update(`${path}\0${facts.mode}\0${facts.ino}\0`);
    if (facts.isSymbolicLink()) hash.update(readlinkSync(path));
    if (facts.isFile()) hash.update(`${facts.mtimeMs}\0`).update(readFileSync(path));
    if (facts.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  visit(base);
  return hash.digest('hex');
}

export async function readAll(area: LocalArea, path: LocalPath, follow = true): Promise<string> {
  const source = await area.openSource(path, { follow }, never);
  try {
    return await source.handle.readFile('latin1');
  } finally {
    await source.close();
  }
}

export async function write(
  area: LocalArea,
  path: LocalPath,
  content: string,
  options: { readonly overwrite?: boolean; readonly sourceId?: string } = {},
): Promise<void> {
  const { overwrite = true, sourceId = 'source' } = options;
  const target = await area.createTarget(path, { overwrite, resume: false, sourceId }, never);
  try {
    await target.part.write(Buffer.from(content), 0, undefined, 0);
    await target.commit({ mode: 0o644, mtimeMs: 1_000_000 });
  } catch (thrown) {
    await target.discard();
    throw thrown;
  }
}

/** The code of a ScoutError, or `done`; whatever else is thrown is a defect. */
export async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (thrown) {
    if (thrown instanceof ScoutError) return thrown.code;
    throw thrown;
  }
}

/** Run a system program for what Node cannot make: FIFOs, devices, mounts. */
export function system(...[program, ...words]: readonly [string, ...string[]]): void {
  execFileSync(program, words, { stdio: 'ignore' });
}

/** A file system of its own, 256 KiB large; unmounted with the test, whatever still is open in it. */
export function mountTiny(path: string): string {
  mkdirSync(path);
  system('mount', '-t', 'tmpfs', '-o', 'size=256k', 'none', path);
  onTestFinished(() => system('umount', '-l', path));
  return path;
}
