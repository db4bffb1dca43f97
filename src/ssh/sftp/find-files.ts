import type { FileEntryWithStats, Stats } from 'ssh2';
import type { DenyPaths } from '../../deny-paths.ts';
import { ScoutError } from '../../errors.ts';
import { pathDenied } from '../../path-denied.ts';
import type { FileFacts } from '../files.ts';
import type { FindOutcome, FindRequest } from '../find.ts';
import { notSearched } from '../find-error.ts';
import { fileFacts } from './file-facts.ts';
import { fileSystemOf } from './file-system.ts';
import type { Handles } from './handles.ts';
import { readDirectory } from './list-directory.ts';
import { Search } from './search.ts';
import type { Ask } from './session.ts';
import { statusOf } from './sftp-error.ts';

/** Windows into the kernel, and what an automounter serves: not walked into from above. */
const neverEntered: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev', '/net']);
/** Directories read at once: enough to hide the round trip, few against a server's limit of open handles. */
const directoriesAtOnce = 8;

interface Directory {
  readonly below: string;
  readonly depth: number;
}

/**
 * Search by SFTP, where files have to be read to know what is in them. `path` as SFTP takes it. At the deadline, and
 * when as much was read as may be, what was found so far is the outcome.
 */
export async function findFiles(
  ask: Ask,
  handles: Handles,
  path: string,
  request: FindRequest,
  denied: DenyPaths,
): Promise<FindOutcome> {
  const [facts, real] = await look(ask, path);
  if (denied.denies(real)) throw pathDenied(request.path);
  if (request.pattern && [...neverEntered].some((one) => `${real}/`.startsWith(`${one}/`)))
    throw notSearched(request.path);
  const search = new Search(ask, handles, real, request, denied);
  try {
    if (facts.kind === 'directory') await walk(ask, handles, real, request, denied, search);
    else if (search.isWanted(real.slice(real.lastIndexOf('/') + 1), facts)) await search.look('', facts);
  } catch (error) {
    if (!(error instanceof ScoutError) || !['command_timeout', 'output_limit'].includes(error.code))
      throw error;
    return search.outcome(error);
  }
  return search.outcome();
}

async function look(ask: Ask, path: string): Promise<readonly [FileFacts, string]> {
  const stat = ask<Stats>((sftp, done) => sftp.stat(path, done));
  const resolved = ask<string>((sftp, done) => sftp.realpath(path, done)).catch(() => path);
  const facts = fileFacts(await stat);
  const real = await resolved;
  if (facts) return [facts, real];
  throw new ScoutError(
    'not_available',
    'the SFTP server does not say what kind of file is what',
    'Use an account with a shell.',
  );
}

/** Breadth first, several directories at once, until nothing is left or enough is found. */
async function walk(
  ask: Ask,
  handles: Handles,
  top: string,
  request: FindRequest,
  denied: DenyPaths,
  search: Search,
): Promise<void> {
  const home = await fileSystemOf(ask, top);
  const waiting: Directory[] = [{ below: '', depth: 0 }];
  const isEntered = (path: string) => {
    if (neverEntered.has(path)) return false;
    const isDenied = denied.denies(path);
    if (isDenied) search.denied += 1;
    return !isDenied;
  };
  const visit = async ({ below, depth }: Directory) => {
    const path = below === '' ? top : join(top, below);
    if (below !== '') {
      const { id, isWindow } = await fileSystemOf(ask, path);
      if (id !== home.id && (isWindow || !request.crossDevices)) {
        if (request.crossDevices) search.denied += 1; // what it is was guessed, so it is told
        return;
      }
    }
    const files: (() => Promise<void>)[] = [];
    // without a pattern what is wanted is found: a directory of millions is not read to its end
    const isEnough = () => search.isFull || (request.pattern === undefined && files.length > request.limit);
    const onEntry = ({ filename, attrs, longname }: FileEntryWithStats) => {
      if (filename === '.' || filename === '..') return;
      const facts = fileFacts(attrs, longname);
      if (!facts) return;
      const child = below === '' ? filename : `${below}/${filename}`;
      // on the last level too they are counted, as find(1) comes upon them
      if (facts.kind === 'directory' && isEntered(join(top, child)) && depth + 1 < request.depth)
        waiting.push({ below: child, depth: depth + 1 });
      if (search.isWanted(filename, facts)) files.push(() => search.look(child, facts));
    };
    try {
      await readDirectory(ask, handles, path, isEnough, onEntry);
    } catch (error) {
      if (below === '' || statusOf(error) === undefined) throw error;
      search.unreadable += 1;
    }
    for (const file of files) if (!search.isFull) await file();
  };
  await drain(waiting, visit, () => search.isFull);
}

/** Work on what waits, and on what that adds, some at once; the first error ends it. */
async function drain<T>(
  waiting: T[],
  work: (item: T) => Promise<void>,
  isEnough: () => boolean,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  while (!failure && !isEnough() && (waiting.length > 0 || running.size > 0)) {
    const item = running.size < directoriesAtOnce ? waiting.shift() : undefined;
    if (item === undefined) {
      await Promise.race(running);
      continue;
    }
    const one: Promise<void> = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
  if (failure) throw failure.error;
}

function join(top: string, below: string): string {
  return top === '/' ? `/${below}` : `${top}/${below}`;
}
