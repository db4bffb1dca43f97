import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseExtendedRegex } from '../../../src/extended-regex.ts';
import { behindPrefix, grepWords, perlPattern } from '../../../src/operations/logs/pipeline.ts';

const lines = [
  'a\\b',
  'ab',
  '[x]',
  ']',
  '^',
  'a.b',
  'x{2}',
  'xx',
  '-',
  'é',
  'a1',
  'a b',
  '$',
  '\\d',
  'd',
  'T1 ab',
  'T1 x',
];

function matched(words: readonly string[]): readonly string[] {
  const { stdout } = spawnSync(words[0] ?? '', words.slice(1), {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  });
  return stdout.split('\n').slice(0, -1);
}

describe('a pattern for PCRE', () => {
  it.each([
    'a[\\\\]b',
    '[]]',
    '[^]a-z]',
    '\\[x\\]',
    '[[:digit:]]',
    'a\\.b',
    'x\\{2\\}',
    'x{2}',
    '^(a|x)',
    '[a^-]$',
    '\\^|\\$',
    '[^[:alnum:]\\\\]$',
    'é',
    '(ab)+$',
    '[\\\\d]',
  ])('matches the lines that grep -E matches: %s', (pattern) => {
    const regex = parseExtendedRegex(pattern);
    const expected = matched(grepWords(regex.source));
    expect(expected.length).toBeGreaterThan(0);
    expect(matched(['grep', '-P', perlPattern(regex)])).toEqual(expected);
  });
});

describe('a pattern behind a prefix', () => {
  it.each([
    ['^ab', ['T1 ab']],
    ['^(x|ab)$', ['T1 ab', 'T1 x']],
    ['[^a]b', ['a\\b', 'a.b', 'a b']],
    ['\\^', ['^']],
  ])('has its beginning after it: %s', (pattern, expected) => {
    expect(matched(grepWords(behindPrefix(parseExtendedRegex(pattern), 'T1 ')))).toEqual(expected);
  });
});
