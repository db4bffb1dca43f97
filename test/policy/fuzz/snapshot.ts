import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A line for each thing, by what it is called. */
export type Snapshot = ReadonlyMap<string, string>;

/** Directories outside of its home where an account may leave something. */
const shared = ['/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/var/spool', '/var/mail'];

/**
 * All that an account could have changed: every file below `trees` with its content and metadata (the time of
 * change stands for extended attributes and links too), whatever it owns in directories that all may write to, its
 * processes but those in `knownProcesses`, and its internet sockets.
 */
export async function snapshotOf(
  uid: number,
  trees: readonly string[],
  knownProcesses: RegExp,
): Promise<Snapshot> {
  const found = await Promise.all([
    ...trees.map((tree) => filesBelow(tree)),
    ownedIn(uid, trees),
    processesOf(uid, knownProcesses),
    ...['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].map((kind) => socketsOf(uid, kind)),
  ]);
  return new Map(found.flat());
}

/** What is in one and not, or not so, in the other. */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 'not there'} → ${after.get(name) ?? 'not there'}`);
}

type Lines = readonly (readonly [name: string, facts: string])[];

async function filesBelow(path: string): Promise<Lines> {
  const facts = await lstat(path, { bigint: true });
  const kind = facts.isDirectory() ? 'directory' : facts.isSymbolicLink() ? 'link' : 'file';
  const content = facts.isFile()
    ? createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
    : facts.isSymbolicLink()
      ? await readlink(path)
      : '';
  const { mode, uid, gid, size, mtimeNs, ctimeNs, nlink, ino } = facts;
  const own = [path, [kind, mode, uid, gid, size, mtimeNs, ctimeNs, nlink, ino, content].join(' ')] as const;
  if (kind !== 'directory') return [own];
  const below = await Promise.all((await readdir(path)).map((name) => filesBelow(join(path, name))));
  return [own, ...below.flat()];
}

async function ownedIn(uid: number, trees: readonly string[]): Promise<Lines> {
  // nor the checkout, which may lie there with its thousands of files
  const outside = [...trees, process.cwd()].flatMap((tree) => ['-path', tree, '-prune', '-o']);
  const wanted = ['-uid', String(uid), '-printf', '%p %s %T@ %C@ %m\\0'];
  const { stdout } = await run('find', [...shared, '-xdev', ...outside, ...wanted]).catch(
    (error: { stdout: string }) => error, // others' files come and go meanwhile
  );
  return stdout
    .split('\0')
    .filter(Boolean)
    .map((line) => [`owned ${line}`, 'there'] as const);
}

async function processesOf(uid: number, known: RegExp): Promise<Lines> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid): Promise<Lines> => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      if (!new RegExp(`^Uid:\\t${uid}\\t`, 'm').test(status) || /^State:\tZ/m.test(status)) return [];
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
        .replaceAll('\0', ' ')
        .trim();
      return command === '' || known.test(command) ? [] : [[`process ${pid}`, command]];
    }),
  );
  return lines.flat();
}

async function socketsOf(uid: number, kind: string): Promise<Lines> {
  const table = await readFile(`/proc/net/${kind}`, 'utf8').catch(() => '');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[7] === String(uid))
    .map((fields) => [`socket ${kind} ${fields[1]} ${fields[2]}`, fields[3] ?? ''] as const);
}
