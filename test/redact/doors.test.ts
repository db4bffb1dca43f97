import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/compose-answer.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { bodyOf, keys, samples } from './corpus.ts';

let sshd: Sshd;
let scout: TestScout;
let open: TestScout;
let talking: TestScout;
const files = realpathSync(mkdtempSync(join(tmpdir(), 'scout-redact-')));
const all = [
  ...samples(),
  ...[...keys()].map(([name, text]) => ({
    name,
    text: `x\n${text}`,
    hidden: bodyOf(text),
    kind: 'private-key',
  })),
];
const inOne = all.map(({ text }) => text).join('\n----\n');
const everything = all.flatMap(({ hidden }) => hidden);

beforeAll(async () => {
  sshd = await startSshd();
  const config = sshd.writeConfig('web1', 'web2');
  scout = makeScout(config, { SCOUT_PAGE_SIZE: '1MiB', SCOUT_RATE_LIMIT_PER_MINUTE: '0' });
  open = makeScout(config, {
    SCOUT_PAGE_SIZE: '1MiB',
    SCOUT_REDACT: 'off',
    SCOUT_RATE_LIMIT_PER_MINUTE: '0',
  });
  talking = makeScout(config, {
    SCOUT_LOG_PAYLOADS: 'on',
    SCOUT_REDACT: 'off',
    SCOUT_PAGE_SIZE: '1MiB',
    SCOUT_RATE_LIMIT_PER_MINUTE: '0',
  });
  for (const [at, { text }] of all.entries()) writeFileSync(join(files, `s${at}`), text);
  writeFileSync(join(files, 'all'), inOne);
});

afterAll(async () => {
  for (const each of [scout, open, talking]) await each?.close();
  await sshd?.stop();
  rmSync(files, { recursive: true, force: true });
});

const shownBy = ({ text, structured }: Answer) => `${text}\n${JSON.stringify(structured)}`;
const leaksOf = (shown: string, hidden: readonly string[]) => hidden.filter((piece) => shown.includes(piece));
const caller = () => ({ signal: new AbortController().signal });

describe('no secret leaves', () => {
  it('through a file that is read, and the answer says how many there were', async () => {
    for (let from = 0; from < all.length; from += 50) {
      const part = all.slice(from, from + 50);
      const targets = part.map((_, at) => `web1:${files}/s${from + at}`);
      const answer = await scout.call('scout_read', { targets });
      expect(leaksOf(shownBy(answer), everything)).toEqual([]);
      expect(answer.structured.redacted).toBeGreaterThanOrEqual(part.length);
      expect(answer.text).toMatch(
        /\n\[\d+ secrets? (?:was|were) redacted: \d+ [\w-]+(?:, \d+ [\w-]+)*\](?:\n|$)/,
      );
    }
  });

  it('through stdout, stderr, and a resource', async () => {
    const out = await scout.call('scout_query', { hosts: 'web1', command: `cat ${files}/all` });
    const err = await scout.call('scout_query', { hosts: 'web1', command: `cat ${files}/all >&2` });
    const read = await scout.scout.answerer.readResource(`scout://web1${files}/all`, caller());
    if (!('answer' in read)) throw new Error('a text');
    for (const answer of [out, read.answer]) {
      expect(leaksOf(shownBy(answer), everything)).toEqual([]);
      expect(answer.structured.redacted).toBeGreaterThan(80);
    }
    expect(leaksOf(shownBy(err), everything)).toEqual([]);
  });

  it('through names, links, errors and what ls says of them', async () => {
    const short = all.filter(
      ({ kind, text, hidden }) =>
        !['', 'telegram-token', 'private-key'].includes(kind) &&
        text.length < 200 &&
        !hidden[0]?.includes('/'),
    );
    const names = short.map(({ hidden: [secret = ''] }) => `backup-${secret}.sql`);
    mkdirSync(join(files, 'names'));
    for (const name of names) symlinkSync(name, join(files, 'names', name));
    const secrets = short.flatMap(({ hidden }) => hidden);
    const doors = [
      await scout.call('scout_read', { targets: [`web1:${files}/names`] }),
      await scout.call('scout_query', { hosts: 'web1', command: `ls -l ${files}/names` }),
      await scout.call('scout_query', { hosts: 'web1', command: `ls ${files}/names/*` }),
    ];
    for (const answer of doors) {
      expect(leaksOf(shownBy(answer), secrets)).toEqual([]);
    }
    const token = all.find(({ kind }) => kind === 'github-token')?.hidden[0] ?? '';
    const missing = await scout.call('scout_read', { targets: [`web1:/nowhere/${token}`] });
    expect(missing.isError).toBe(true);
    expect(missing.text).not.toContain(token);
    expect(missing.structured.redacted).toBe(1);
    await expect(
      scout.scout.answerer.readResource(`scout://web1/nowhere/${token}`, caller()),
    ).rejects.toThrow(/redacted:github-token/);
  });

  it('through the hex head of a binary', async () => {
    const token = all.find(({ kind }) => kind === 'github-token')?.hidden[0] ?? '';
    writeFileSync(join(files, 'binary'), `\0\x01${token}\0`);
    const answer = await scout.call('scout_read', { targets: [`web1:${files}/binary`] });
    expect(shownBy(answer)).not.toContain(token.slice(0, 12));
    expect(shownBy(answer)).not.toContain(
      Buffer.from(token.slice(0, 5)).toString('hex').replace(/../g, '$& ').trim(),
    );
    expect(answer.text).toContain('hold a secret and are not shown');
  });

  it('through a key that is read in pieces, from any line', async () => {
    for (const [name, key] of keys()) {
      writeFileSync(join(files, 'key'), key);
      const count = key.split('\n').length - 1;
      for (let offset = 1; offset <= count; offset += 3) {
        for (const limit of [undefined, 3]) {
          const args = { targets: [`web1:${files}/key`], offset, ...(limit && { limit }) };
          const answer = await scout.call('scout_read', args);
          expect([name, offset, limit, leaksOf(shownBy(answer), bodyOf(key))]).toEqual([
            name,
            offset,
            limit,
            [],
          ]);
        }
      }
    }
  });

  it('through a kept result, wherever it is read on', async () => {
    const small = makeScout(sshd.writeConfig('web1'), { SCOUT_PAGE_SIZE: '1024' });
    try {
      const answer = await small.call('scout_query', { hosts: 'web1', command: `cat ${files}/all` });
      const target = /result:\w+/.exec(answer.text)?.[0] ?? '';
      for (let character = 0; character < 20_000; character += 371) {
        const rest = await small.call('scout_read', { targets: [`${target}@${character}`] });
        expect(leaksOf(shownBy(rest), everything)).toEqual([]);
        if (rest.isError) break;
      }
    } finally {
      await small.close();
    }
  });
});

it('Outcomes that differ in what was redacted only are said to', async () => {
  writeFileSync(join(files, 'p1'), 'password = first-one\n');
  writeFileSync(join(files, 'p2'), 'password = second-one\n');
  const answer = await scout.call('scout_read', { targets: [`web1:${files}/p1`, `web1:${files}/p2`] });
  expect(answer.text).toMatch(
    /\[2 secrets were redacted: 2 password\]\n\n\[outcomes above .* differ in what was redacted\]$/,
  );
  const same = await scout.call('scout_read', { targets: [`web1,web2:${files}/p1`] });
  expect(same.text).toMatch(/\[1 secret was redacted: 1 password\]$/);
});

it('SCOUT_REDACT=off shows them', async () => {
  const answer = await open.call('scout_read', { targets: [`web1:${files}/s0`] });
  expect(leaksOf(answer.text, all[0]?.hidden ?? [])).toHaveLength(1);
  expect(answer.structured.redacted).toBeUndefined();
});

it('What a terminal obeys or nobody sees is shown escaped in names, links, errors and stderr', async () => {
  const odd = 'a\x1b[31m\u202e\u200b\u{e0041}\ufe0f\u{e0101}b';
  mkdirSync(join(files, 'odd'));
  symlinkSync(`to-${odd}`, join(files, 'odd', odd));
  writeFileSync(join(files, 'odd', `f${odd}`), odd);
  const doors = [
    await scout.call('scout_read', { targets: [`web1:${files}/odd`] }),
    await scout.call('scout_read', { targets: [`web1:${files}/odd/f${odd}`] }),
    await scout.call('scout_read', { targets: [`web1:${files}/odd/none${odd}`] }),
    await scout.call('scout_query', { hosts: 'web1', command: `cat ${files}/odd/f*; ls ${files}/odd` }),
  ];
  for (const { text } of doors) {
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|\p{DI}/u);
    expect(text).toContain('\\x1b[31m\\u202e\\u200b\\u{e0041}\\ufe0f\\u{e0101}b');
  }
});

describe('SCOUT_LOG_PAYLOADS', () => {
  it('logs what was asked and answered, without a secret whatever SCOUT_REDACT says', async () => {
    const token = all.find(({ kind }) => kind === 'github-token')?.hidden[0] ?? '';
    await talking.call('scout_query', { hosts: 'web1', command: `echo asked ${token}` });
    const line = talking.log.find((each) => each.startsWith('info payload')) ?? '';
    expect(line).toContain('echo asked [redacted:github-token]');
    expect(talking.log.join('\n')).not.toContain(token);
  });

  it('costs no call its answer, however deep its arguments are', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    const { text } = await talking.call('scout_query', { hosts: 'web1', command: 'true', deep });
    expect(text).toContain('unknown argument "deep"');
  });

  it('is off by default', async () => {
    await scout.call('scout_query', { hosts: 'web1', command: 'echo quiet-words' });
    expect(scout.log.join('\n')).not.toContain('quiet-words');
  });
});
