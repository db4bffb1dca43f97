import { lstatSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readScript } from '../../../src/policy/read-script.ts';
import { everyday } from '../corpus/everyday.ts';
import { ourReading, withStandIns } from '../our-reading.ts';
import { type Bench, shells, startBench } from '../real-shells.ts';
import { plantCanaries } from './canary-tree.ts';
import { acceptedOf, fuzzedCommands } from './walk-grammars.ts';

vi.mock('../../../src/policy/options.ts', async (original) =>
  (await import('./recorded-grammars.ts')).recording(await original()),
);

const seed = Number(process.env.SCOUT_FUZZ_SEED ?? Date.now() % 2 ** 31);

let bench: Bench;
let accepted: readonly { text: string; canonical: string }[];
beforeAll(async () => {
  bench = await startBench();
  plantCanaries(bench.home, { uid: 0, gid: 0 });
  const texts = fc.sample(fuzzedCommands(), { numRuns: 3_000, seed });
  accepted = acceptedOf([...everyday, ...texts]).filter(({ text }) => isComparable(text));
});
afterAll(() => bench.remove());

describe.each(shells)(`to $shell, in a directory of odd names (SCOUT_FUZZ_SEED=${seed})`, (shell) => {
  it('the words of a canonical form are what they are to us, patterns and all', async () => {
    const texts = accepted.map(({ canonical }) => canonical);
    expect(texts.length).toBeGreaterThan(1_000);
    expect(texts.filter((text) => readScript(text).some(hasPattern)).length).toBeGreaterThan(100);
    await compare(texts);
  });

  it('the words of the text as it was written are what they are to us', async () => {
    // Only bash reads $'…', and only outside of its POSIX mode a tilde after =: we read these as it does.
    const differs = { dash: /\$'/, bash: /=~/ }[shell.shell] ?? /^$/;
    await compare(accepted.map(({ text }) => text).filter((text) => !differs.test(text)));
  });

  async function compare(texts: readonly string[]) {
    const theirs = await bench.words(shell, texts.map(withStandIns));
    const different = texts.flatMap((text, index) => {
      const ours = JSON.stringify(ourReading(text, bench.home));
      return JSON.stringify(theirs[index]) === ours
        ? []
        : [{ text, ours, theirs: JSON.stringify(theirs[index]) }];
    });
    expect(different).toEqual([]);
  }
});

function hasPattern({ words }: ReturnType<typeof readScript>[number]): boolean {
  return words.some((word) => word.glob);
}

/**
 * Left out: patterns of other places, whose names come and go; patterns for hidden names, which new shells give
 * without `.` and `..` and old ones with them; patterns with two slashes, of which bash leaves one in what it
 * finds and dash both; what reads from a file that is not there, for then no program starts.
 */
function isComparable(text: string): boolean {
  return readScript(text).every(
    ({ words, redirects }) =>
      words.every((word) => !word.glob || !/^\/|\/\/|(?:^|\/)\.[^/]*[*?[]/.test(word.value)) &&
      redirects.every((redirect) => typeof redirect === 'string' || isReadable(redirect.from.value)),
  );
}

function isReadable(path: string): boolean {
  if (path.startsWith('~')) return false;
  try {
    return lstatSync(isAbsolute(path) ? path : join(bench.home, path)).isFile();
  } catch {
    return false; // nor is what lies below a file
  }
}
