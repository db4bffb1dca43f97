import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { countUnshared, createDiffer } from '../../src/format/line-diff.ts';
import { toRemoteText } from '../../src/remote-text.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-line-diff-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '--- x', '+++ y', '@@', '\\ No'), {
  maxLength: 30,
});
const text = fc
  .record({ lines, open: fc.boolean() })
  .map((made) => made.lines.join('\n') + (made.open || made.lines.length === 0 ? '' : '\n'));

it('makes diffs that patch(1) turns into the other text', () => {
  fc.assert(
    fc.property(text, text, fc.nat(4), (before, after, context) => {
      const diff = createDiffer(1_000)(toRemoteText(before), toRemoteText(after), context);
      if (before === after) {
        expect(diff).toEqual({ hunks: '', removed: 0, added: 0 });
        return;
      }
      const file = join(directory, 'file');
      writeFileSync(file, before);
      const input = `--- a\n+++ b\n${diff?.hunks}`;
      const patched = spawnSync('patch', ['-s', '-F0', '-o', '-', file], { input });
      expect(`${patched.stdout}${patched.stderr}`).toBe(after);
    }),
    { numRuns: 60 },
  );
});

it('gives up where too many lines differ, and when its time is over', () => {
  const [before, after] = ['a', 'b'].map((letter) =>
    toRemoteText(Array.from({ length: 5_000 }, (_, at) => `${letter}${at}\n`).join('')),
  );
  if (before === undefined || after === undefined) throw new Error('two texts were made');
  const startedMs = performance.now();
  expect(createDiffer(10_000)(before, after, 3)).toBeUndefined();
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(createDiffer(0)(before, before, 3)).toBeUndefined();
  expect(createDiffer(10_000, 1)(toRemoteText('a\n'), toRemoteText('b\n'), 3)).toBeUndefined();
  expect(countUnshared(before, after)).toEqual({ removed: 5_000, added: 5_000 });
});

it('counts the lines that are not in the other text, each as often as it is there', () => {
  expect(countUnshared(toRemoteText('a\nb\nb\n'), toRemoteText('b\nc\na'))).toEqual({ removed: 1, added: 1 });
});
