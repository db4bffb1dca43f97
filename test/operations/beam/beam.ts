import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientSide } from '../../../src/call.ts';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';

/** Two directories, one for each end of a copy, and the program that may copy between them. */
export interface BeamPlace {
  readonly scout: TestScout;
  /** Below a root of this machine. */
  readonly here: string;
  /** What a host of the tests, which is this machine, is asked for. */
  readonly there: string;
  close(): Promise<void>;
}

export function makePlace(
  sshConfig: string,
  settings: Readonly<Record<string, string>> = {},
  client?: ClientSide,
): BeamPlace {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'scout-beam-')));
  const [here, there] = [join(base, 'here'), join(base, 'there')];
  for (const directory of [here, there]) mkdirSync(directory);
  const scout = makeScout(sshConfig, { SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: here, ...settings }, client);
  return {
    scout,
    here,
    there,
    async close() {
      await scout.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** A new file of random bytes; gives its path. */
export function someFile(directory: string, name: string, bytes = 100_000): string {
  const path = join(directory, name);
  writeFileSync(path, randomBytes(bytes));
  return path;
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Parts that a copy left in a directory. */
export function parts(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => name.includes('.scout-part'));
}

/** What the part is called that a copy of `source` to `name` would leave; `from` and `to` are `HOST:`, or empty. */
export function partName(from: string, to: string, source: string, name: string): string {
  const hash = createHash('sha256').update(`${from.replace(/:$/, '')}:${source}`);
  if (to === '') hash.update('\0').update(name);
  return `.${name}.${hash.digest('hex').slice(0, 16)}.scout-part`;
}
