import { describe, expect, it } from 'vitest';
import { composeAnswer } from '../../src/answer/compose-answer.ts';
import { ResultStore } from '../../src/answer/kept-results.ts';
import { Redactions } from '../../src/answer/redactions.ts';
import { loadConfig } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import type { Entry } from '../../src/define.ts';
import { saidBriefly } from '../../src/format/near-identical.ts';
import { streamBody } from '../../src/format/stream-body.ts';
import type { Kept } from '../../src/operations/gathered.ts';
import { toRemoteText } from '../../src/remote-text.ts';
import { followRests } from '../answer/follow-rests.ts';
import { keys } from '../redact/corpus.ts';

const pageBytes = 2048;
const config = loadConfig({ SCOUT_PAGE_SIZE: `${pageBytes}` });
const forms = [...keys()].filter(([form]) => ['OpenSSH', 'RSA', 'PuTTY'].includes(form));
const line = (index: number) => `line ${index} of a log, with é and a "quote"\n`;
const long = Array.from({ length: 20_000 }, (_, index) => line(index)).join('');

const all = (text: string): Kept => ({ head: Buffer.from(text), tail: Buffer.alloc(0), droppedBytes: 0 });
const entry = (body: Entry['texts'][string], host = 'web1'): Entry => ({
  hosts: [host],
  heading: '',
  facts: {},
  texts: { stdout: body },
  tables: {},
});

/** The context of a call, and how many bytes it cleaned. */
function counting() {
  const redactions = new Redactions();
  const seen = { bytes: 0 };
  const clean: Context['clean'] = (remote, onRedacted = redactions.count) => {
    seen.bytes += remote.length;
    return toRemoteText(remote, undefined, onRedacted);
  };
  return { context: { clean, config }, redactions, seen };
}

/** One page of what a stream printed, its other pages, and all of it as it has to be. */
function pagesOf(kept: Kept) {
  const { context, redactions, seen } = counting();
  const store = new ResultStore();
  const body = streamBody(kept, context);
  const answer = composeAnswer({ list: 'results', entries: [entry(body)] }, pageBytes, store, redactions);
  const [result] = answer.structured.results as {
    stdout: string;
    stdout_tail?: string;
    stdout_rest?: string;
  }[];
  if (!result) throw new Error('a page without its text');
  const cleanedBytes = seen.bytes;
  const rest = () => followRests(store, result.stdout_rest ?? '', 2 ** 20).join('');
  return { body, answer, result, cleanedBytes, rest, redactions };
}

describe('an output far longer than a page', () => {
  it('is cleaned at its ends alone, until somebody reads on', () => {
    const { result, cleanedBytes, rest } = pagesOf(all(long));
    expect(cleanedBytes).toBeLessThan(600 * 1024);
    expect(result.stdout + rest()).toBe(long);
    expect(long.endsWith(result.stdout_tail ?? '?')).toBe(true);
  });

  it('loses nothing beside a gap', () => {
    const kept = { head: Buffer.from(long), tail: Buffer.from(long), droppedBytes: 77 };
    const { result, rest } = pagesOf(kept);
    expect(result.stdout + rest()).toBe(`${long}\n[77 bytes came here and were not kept]\n${long}`);
  });

  it.each([0, 40, 10_000, 19_990])('hides a key before line %i, and every place in it is exact', (at) => {
    const before = Array.from({ length: at }, (_, index) => line(index)).join('');
    for (const [form, key] of forms) {
      const text = `${before}${key}${long.slice(before.length)}`;
      const { result, rest } = pagesOf(all(text));
      expect([form, result.stdout + rest()]).toEqual([form, String(toRemoteText(text))]);
      expect([form, toRemoteText(text).endsWith(result.stdout_tail ?? '?')]).toEqual([form, true]);
    }
  });

  it('counts what is replaced at its ends once', () => {
    for (const text of [`token=ghp_0123456789abcdefghijABCDEFGHIJ012345\n${long}`]) {
      expect(pagesOf(all(text)).redactions.total).toBe(1);
    }
  });

  it('is cleaned at once where it has no lines', () => {
    const { result, rest } = pagesOf(all('x'.repeat(900_000)));
    expect(result.stdout + rest()).toBe('x'.repeat(900_000));
  });

  it('is no diff against another one, of which the beginning is the same', () => {
    const { context } = counting();
    const others = [`${long}end\n`, `${long}END\n`].map((text, at) =>
      entry(streamBody(all(text), context), `web${at}`),
    );
    expect(saidBriefly(others)).toEqual(others);
  });

  it('is whole among the results that have no room on the page', () => {
    const { context } = counting();
    const store = new ResultStore();
    const many = Array.from({ length: 30 }, (_, at) =>
      entry(streamBody(all(`${at}\n${long}`), context), `web${at}`),
    );
    const { rest } = composeAnswer({ list: 'results', entries: many.slice(0, 12) }, 1024, store).structured;
    expect(String(store.get(String(rest).slice('result:'.length)))).toContain(long);
  });
});

describe('an output of a few pages', () => {
  it('is cleaned at once', () => {
    const { body } = pagesOf(all(long.slice(0, 300_000)));
    expect(body.longer).toBeUndefined();
    expect(String(body.text)).toBe(long.slice(0, 300_000));
  });
});
