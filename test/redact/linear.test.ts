import { describe, expect, it, vi } from 'vitest';
import { assignments } from '../../src/redact/assignments.ts';
import { findSecrets } from '../../src/redact/find-secrets.ts';
import { headers } from '../../src/redact/headers.ts';
import { privateKeys } from '../../src/redact/private-keys.ts';
import { tokenShapes } from '../../src/redact/token-shapes.ts';
import { noRedaction, toRemoteText } from '../../src/remote-text.ts';

const begin = ['-----', 'BEGIN RSA PRIVATE KEY-----'].join('');
const end = ['-----', 'END RSA PRIVATE KEY-----'].join('');
const grams = [...assignments, ...headers, ...privateKeys].flatMap((each) => each.grams);
const tokenGrams = tokenShapes.flatMap((each) => each.grams.slice(0, 3));

/** What each rule begins with and what it then reads on, over and over. */
const hostile: readonly string[] = [
  ...[...grams, ...tokenGrams].flatMap((gram) => [gram, `${gram} `, `${gram}\n`]),
  ...['password', 'secret_key', '--token', '"api_key"', '<password>'].flatMap((name) => [
    `${name}=`,
    `${name}: `,
    `${name}="`,
    `${name}="\\`,
    `${name}${' '.repeat(60)}`,
    `${name}= |\n `,
    `${name}\n`,
  ]),
  ...[
    'a',
    'A',
    '0',
    '=',
    '-',
    '_',
    '.',
    ' ',
    '\t',
    '\n',
    '"',
    '\\',
    '\\n',
    '+/',
    '@',
    ':',
    '$',
    '{',
    '\x1b[',
    '\0',
    '\u200b',
    '日',
    '\r',
  ],
  begin,
  `${begin}\n`,
  `${begin}\n\n`,
  `${begin} x\n`,
  end,
  `${end}\n`,
  `a ${end}`,
  `${'A'.repeat(64)}\n`,
  `${'A'.repeat(30)}${end}`,
  `A\n${end}\n`,
  `${'A'.repeat(64)}\\n`,
  `${begin}${'A'.repeat(2_000)}`,
  `x PRIVATE KEY `,
  `Private-Lines: 9999\n`,
  'Private-MAC: ',
  'eyJhbGci',
  'eyJhbGci.',
  'eyJhbGci.eyJ.',
  'sk-',
  ' sk-',
  'glpat-',
  'a://b:',
  'a://b:c@',
  '://:',
  '$6$a',
  '$6$a$',
  '{SSHA}',
  'Authorization: Bearer ',
  'Authorization: ',
  'Bearer ',
  'Cookie: a=',
  'curl -u a:',
  'curl ',
  'ghp_a',
  'github_pat_',
  '1:AA',
  'x7:::',
];

/** Milliseconds of processor time: others may be at work on this machine. */
const clock = (work: () => unknown) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
const repeated = (unit: string, bytes: number) => unit.repeat(Math.ceil(bytes / unit.length));
/** How many times as long 8 times as much takes. */
const growth = (unit: string) => {
  const small = clock(() => toRemoteText(repeated(unit, 32 * 1024)));
  return clock(() => toRemoteText(repeated(unit, 256 * 1024))) / Math.max(small, 8);
};
/** How many characters a search of `text` goes past to find a single one, as the end of a line. */
const gonePast = (text: string) => {
  let characters = 0;
  const { indexOf } = String.prototype;
  const spy = vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (
    this: string,
    sought,
    from = 0,
  ) {
    const found = indexOf.call(this, sought, from);
    if (sought.length === 1) characters += (found === -1 ? this.length : found) - from;
    return found;
  });
  findSecrets(text, false);
  spy.mockRestore();
  return characters;
};

describe('the time that redaction takes', () => {
  it('does not depend on what is in the text: 8 times as much takes no 64 times as long', () => {
    const suspects = hostile.filter((unit) => clock(() => toRemoteText(repeated(unit, 16 * 1024))) > 20);
    for (const unit of suspects) expect([unit, growth(unit) < 32 || growth(unit) < 32]).toEqual([unit, true]);
  });

  it('is short for a mebibyte of the worst of it', () => {
    const worst = ['eyJhbGci', begin, `a ${end}`, 'password="', '--token', `${'A'.repeat(64)}\n`, 'a://b:'];
    for (const [unit, mebibytes] of [
      ...worst.map((each) => [each, 1] as const),
      ['cookie: a ', 2] as const,
    ]) {
      const ms = clock(() => toRemoteText(repeated(unit, mebibytes * 1024 ** 2)));
      expect([unit, ms < 3_000]).toEqual([unit, true]);
    }
  });

  it('is no longer where all of it is one line: what follows is not gone through for each value', () => {
    const units = [`"password":"x", ${'.'.repeat(1_000)}`, `\\npassword: |        ${'.'.repeat(1_000)}`];
    for (const unit of units) {
      const half = repeated(unit, 256 * 1024);
      const text = `${half}\n  ${half}`;
      expect([unit, gonePast(text) < 10 * text.length]).toEqual([unit, true]);
    }
  });

  it('is little for what machines usually print', () => {
    const line = (index: number) =>
      `Nov 21 13:46:${index % 60} web1 app[${index}]: 10.0.${index % 255}.7 "GET /api/v1/items/${index}" 200 rt=0.0${index % 99} completed\n`;
    const log = Buffer.from(Array.from({ length: 40_000 }, (_, index) => line(index)).join(''));
    const shortest = (redact?: typeof noRedaction) =>
      Math.min(...[1, 2, 3, 4, 5].map(() => clock(() => toRemoteText(log, redact))));
    const plainMs = shortest(noRedaction);
    expect(shortest() - plainMs).toBeLessThan(Math.max(60, plainMs * 6)); // of 4 MB; a regular expression a rule takes seconds
  });
});
