import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, composeAnswer, composeFailure } from '../../src/answer/compose-answer.ts';
import { ResultStore } from '../../src/answer/kept-results.ts';
import type { Entry, Fact, Report, RowsBody, TextBody } from '../../src/define.ts';
import { ScoutError } from '../../src/errors.ts';
import { toRemoteText } from '../../src/remote-text.ts';
import { anyCharacter } from '../fixtures/any-character.ts';
import { followRests } from './follow-rests.ts';

const pageSize = fc.integer({ min: 1024, max: 8192 });
const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', ' ', '\n', '"', '\\', 'é', '漢', '😀') },
  anyCharacter,
);
const text = fc
  .record({
    unit: fc.string({ unit: character, minLength: 1, maxLength: 60 }),
    times: fc.integer({ min: 0, max: 400 }),
  })
  .map(({ unit, times }) => toRemoteText(unit.repeat(times)));
const words = fc.string({ unit: character, maxLength: 300 });
const textBody: fc.Arbitrary<TextBody> = fc
  .record({
    text,
    stays: fc.constantFrom('head' as const, 'head and tail' as const),
    diff: fc.option(text),
  })
  .map(({ diff, ...body }) => ({ ...body, ...(diff && { brief: { against: 'host-1', diff } }) }));
const facts = fc.dictionary(
  fc.constantFrom('path', 'owner', 'size'),
  fc.oneof(words, fc.nat()),
) as fc.Arbitrary<Record<string, Fact>>;
const row = fc
  .record({ line: fc.string({ unit: character, maxLength: 90 }), facts })
  .map(({ line, facts: rowFacts }) => ({
    line: toRemoteText(line.replaceAll('\n', ' ')),
    facts: rowFacts,
  }));
const table: fc.Arbitrary<RowsBody> = fc.record({ rows: fc.array(row, { maxLength: 60 }) });
const hosts = fc.nat(80).map((count) => Array.from({ length: count + 1 }, (_, index) => `host-${index}`));
const error = fc
  .record({ message: words, fix: words })
  .map((it) => new ScoutError('internal', it.message, it.fix));
const entry: fc.Arbitrary<Entry> = fc
  .record({
    hosts,
    heading: words,
    facts,
    stdout: fc.option(textBody),
    rows: fc.option(table),
    error: fc.option(error),
  })
  .map(({ stdout, rows, error: failure, ...rest }) => ({
    ...rest,
    texts: stdout ? { stdout } : {},
    tables: rows ? { rows } : {},
    ...(failure && { error: failure }),
  }));
const report: fc.Arbitrary<Report> = fc
  .array(entry, { maxLength: 12 })
  .map((entries) => ({ list: 'results', entries }));

function sizeOf(answer: Answer): number {
  return Math.max(Buffer.byteLength(answer.text), Buffer.byteLength(JSON.stringify(answer.structured)));
}

describe('an answer', () => {
  it('is one page, in either form, whatever the report', () => {
    fc.assert(
      fc.property(report, pageSize, (made, bytes) => {
        const answer = composeAnswer(made, bytes, new ResultStore());
        expect(sizeOf(answer)).toBeLessThanOrEqual(bytes);
        expect(/\p{Cs}/u.test(answer.text)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('of a failed call is one page', () => {
    fc.assert(
      fc.property(error, pageSize, (failure, bytes) => {
        expect(sizeOf(composeFailure(failure, 'results', bytes))).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  it('holds as much of a text as fits: most of the page', () => {
    for (const pageBytes of [1024, 4096, 24 * 1024]) {
      const answer = composeAnswer(textReport('line\n'.repeat(20_000), 'head'), pageBytes, new ResultStore());
      expect(sizeOf(answer)).toBeLessThanOrEqual(pageBytes);
      expect(sizeOf(answer)).toBeGreaterThan(pageBytes * 0.9);
    }
  });
});

describe('a text that is said by a diff', () => {
  const [whole, diff] = [toRemoteText('line\n'.repeat(100)), toRemoteText('@@ -1 +1 @@\n-a\n+b\n')];
  const body: TextBody = { text: whole, stays: 'head', brief: { against: 'web1', diff } };
  const entries = ['web2', 'web3'].map((host) => ({
    hosts: [host],
    heading: 'exit 0',
    facts: {},
    texts: { stdout: body },
    tables: {},
  }));

  it('is there whole under the target that is named', () => {
    const store = new ResultStore();
    const answer = composeAnswer({ list: 'results', entries }, 4096, store);
    for (const result of answer.structured.results as Record<string, string>[]) {
      expect(result).toMatchObject({ diff_against: 'web1', stdout_diff: diff });
      expect(followRests(store, result.stdout_whole ?? '', 4096).join('')).toBe(whole);
      expect(answer.text).toContain(`[all of it: "${result.stdout_whole}"]`);
    }
  });

  it('is whole in the rest of an answer that is cut, where no target could be named', () => {
    const store = new ResultStore();
    const many = Array.from({ length: 10 }, () => entries).flat();
    const { structured } = composeAnswer({ list: 'results', entries: many }, 1024, store);
    expect(structured).toMatchObject({ more_results: expect.any(Number) });
    const rest = followRests(store, String(structured.rest), 4096).join('');
    expect(rest).toContain(whole);
    expect(rest).not.toContain('@@');
  });
});

describe('what is cut', () => {
  it('is read, with what was shown, exactly once by following the targets', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('head' as const, 'head and tail' as const),
        pageSize,
        (whole, stays, bytes) => {
          const store = new ResultStore();
          const answer = composeAnswer(textReport(whole, stays), bytes, store);
          const [first] = answer.structured.results as Record<string, string>[];
          const { stdout = '', stdout_tail: tail, stdout_rest: target } = first ?? {};
          if (target === undefined) {
            expect(stdout).toBe(whole);
            return;
          }
          const rest = followRests(store, target, bytes);
          expect(stdout + rest.join('')).toBe(whole);
          if (tail !== undefined) expect(whole.endsWith(tail)).toBe(true);
          expect(rest.every((page) => page.length > 0)).toBe(true);
          const id = target.replace(/@.*/, '');
          expect(followRests(store, id, bytes).join('')).toBe(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of a table is there line by line', () => {
    fc.assert(
      fc.property(table, pageSize, (made, bytes) => {
        const store = new ResultStore();
        const entries = [{ heading: 'x', facts: {}, texts: {}, tables: { rows: made } }];
        const { structured } = composeAnswer({ list: 'results', entries }, bytes, store);
        const [first] = structured.results as { rows: Fact[]; rows_rest?: string }[];
        const shown = first?.rows.length ?? 0;
        const rest =
          first?.rows_rest === undefined ? '' : followRests(store, first.rows_rest, bytes).join('');
        expect(rest).toBe(
          made.rows
            .slice(shown)
            .map(({ line }) => line)
            .join('\n'),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('of 300 outcomes with errors of their own is there, each once', () => {
    const entries = Array.from({ length: 300 }, (_, index) => ({
      hosts: [`host-${index}`],
      heading: '',
      facts: {},
      texts: {},
      tables: {},
      error: new ScoutError('unreachable', `host-${index}: refused no. ${index};`, 'Start sshd.'),
    }));
    const store = new ResultStore();
    const answer = composeAnswer({ list: 'results', entries }, 24 * 1024, store);
    const {
      results,
      more_results: more,
      rest,
    } = answer.structured as { results: []; more_results: number; rest: string };
    expect(results.length + more).toBe(300);
    expect(results.length).toBeGreaterThan(100);
    const all = answer.text + followRests(store, rest, 24 * 1024).join('');
    for (let index = 0; index < 300; index += 1) expect(all.split(`refused no. ${index};`)).toHaveLength(2);
    expect(answer.isError).toBe(true);
  });

  it('of the names of 1,000 hosts that gave the same is there, each once', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `host-${index}.example`);
    const store = new ResultStore();
    const body = { text: toRemoteText('x'.repeat(30_000)), stays: 'head' as const };
    const entries = [{ hosts: names, heading: 'exit 0', facts: {}, texts: { stdout: body }, tables: {} }];
    const { structured, text: shown } = composeAnswer({ list: 'results', entries }, 8192, store);
    const [first] = structured.results as { hosts: string[]; hosts_total: number; hosts_rest: string }[];
    if (!first) throw new Error('no result');
    expect(first.hosts_total).toBe(1_000);
    expect(shown).toContain(`… (1000 hosts, the others: "${first.hosts_rest}")`);
    const rest = followRests(store, first.hosts_rest, 8192).join('').split('\n');
    expect([...first.hosts, ...rest]).toEqual(names);
  });

  it('is cut at line ends, where there are some', () => {
    const { structured } = composeAnswer(
      textReport('some words here\n'.repeat(500), 'head and tail'),
      2048,
      new ResultStore(),
    );
    const [first] = structured.results as { stdout: string; stdout_tail: string }[];
    expect(first?.stdout).toMatch(/^(some words here\n)+$/);
    expect(first?.stdout_tail).toMatch(/^(some words here\n)+$/);
  });

  it('of 10 MiB in one line is quick', () => {
    const whole = toRemoteText('x'.repeat(10 * 1024 ** 2));
    const store = new ResultStore();
    const startedMs = performance.now();
    const { structured } = composeAnswer(textReport(whole, 'head and tail'), 24 * 1024, store);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    const [first] = structured.results as {
      stdout: string;
      stdout_rest: string;
      stdout_hidden_bytes: number;
    }[];
    expect(first?.stdout_hidden_bytes).toBeGreaterThan(10_000_000);
    expect(store.get(first?.stdout_rest.slice(7).replace(/@.*/, '') ?? '')).toBe(whole);
  });
});

describe('the forms of an answer', () => {
  it('hold the same of every outcome: names, bodies, notes of cuts, and errors', () => {
    const entries: Entry[] = [
      {
        hosts: ['web1', 'web2', 'web3'],
        heading: 'exit 1',
        facts: { exit_code: 1 },
        texts: {
          stdout: { text: toRemoteText('out\n'), stays: 'head' },
          stderr: { text: toRemoteText('err'), stays: 'head' },
        },
        tables: {},
      },
      {
        hosts: ['db1', 'db2'],
        heading: '',
        facts: {},
        texts: {},
        tables: {},
        error: new ScoutError('unreachable', 'db1: refused', 'Start it.'),
      },
    ];
    const summary = { line: '5 hosts: 3 answered', facts: { ok: 3 } };
    const answer = composeAnswer({ list: 'results', entries, summary }, 4096, new ResultStore());
    const n = answer.nonce;
    expect(answer.text).toBe(
      `5 hosts: 3 answered\n\nweb1, web2, web3 (3 hosts): exit 1\n<<<${n} stdout\nout\n>>>${n}\n<<<${n} stderr\nerr\n>>>${n}\n\n` +
        'unreachable: db1: refused\nFix: Start it.\n(the same on db2)',
    );
    expect(answer.structured).toEqual({
      results: [
        { hosts: ['web1', 'web2', 'web3'], exit_code: 1, stdout: 'out\n', stderr: 'err' },
        { hosts: ['db1', 'db2'], error: { code: 'unreachable', message: 'db1: refused', fix: 'Start it.' } },
      ],
      ok: 3,
    });
    expect(answer.isError).toBe(false);
  });

  it('of one outcome that failed are its code, message and fix, and nothing else', () => {
    const failure = new ScoutError('unreachable', 'db1: refused', 'Start it.');
    const entries = [
      { hosts: ['db1'], heading: '/etc/hostname', facts: {}, texts: {}, tables: {}, error: failure },
    ];
    const answer = composeAnswer({ list: 'results', entries }, 4096, new ResultStore());
    expect(answer.text).toBe('unreachable: db1: refused\nFix: Start it.');
    expect(answer).toMatchObject({ isError: true, error: failure });
  });

  it('keep what was gathered beside the error that ended it', () => {
    const body = { text: toRemoteText('partial'), stays: 'head' as const };
    const failure = new ScoutError('command_timeout', 'db1 did not finish', 'Wait.');
    const entries = [
      { hosts: ['db1'], heading: 'stopped', facts: {}, texts: { stdout: body }, tables: {}, error: failure },
    ];
    const { text: shown, nonce } = composeAnswer({ list: 'results', entries }, 4096, new ResultStore());
    expect(shown).toBe(
      `db1: stopped\n<<<${nonce} stdout\npartial\n>>>${nonce}\ncommand_timeout: db1 did not finish\nFix: Wait.`,
    );
  });

  it('carry a nonce that a text cannot know, a new one in each answer', () => {
    const nonces = new Set<string>();
    for (let round = 0; round < 100; round += 1) {
      const { nonce } = composeAnswer(textReport('>>>00000000', 'head'), 4096, new ResultStore());
      expect(nonce).toMatch(/^[0-9a-f]{12}$/);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(100);
  });
});

function textReport(whole: string, stays: TextBody['stays']): Report {
  const body = { text: toRemoteText(whole), stays };
  return {
    list: 'results',
    entries: [{ hosts: ['web1'], heading: 'exit 0', facts: {}, texts: { stdout: body }, tables: {} }],
  };
}
