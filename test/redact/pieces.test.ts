import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { formatQuery } from '../../src/format/format-query.ts';
import { Gathered } from '../../src/operations/gathered.ts';
import { toRemoteText } from '../../src/remote-text.ts';
import { bodyOf, keys, samples } from './corpus.ts';

const config = loadConfig({}, {});
const clean = (remote: Uint8Array) => toRemoteText(remote);

/** What a command that printed these chunks shows. */
function shown(chunks: readonly Buffer[], shareBytes: number): string {
  const gathered = new Gathered(shareBytes);
  for (const chunk of chunks) gathered.sink.stdout(chunk);
  const value = { ...gathered.kept(true), durationMs: 1, exitCode: 0 };
  const report = formatQuery(
    { command: 'x', groups: [{ hosts: ['a'], values: [value] }], failures: [] } as never,
    { clean, config },
  );
  return report.entries
    .map(({ texts }) =>
      Object.values(texts)
        .map(({ text }) => text)
        .join('\n'),
    )
    .join('\n');
}

const leaksOf = (text: string, hidden: readonly string[]) => hidden.filter((piece) => text.includes(piece));

describe('a secret that arrives in two chunks', () => {
  it('is replaced wherever it is divided', () => {
    for (const { name, text, hidden } of samples()) {
      const bytes = Buffer.from(text);
      for (let at = 1; at < bytes.length; at += 1) {
        const seen = shown([bytes.subarray(0, at), bytes.subarray(at)], 1024 ** 2);
        expect([name, at, leaksOf(seen, hidden)]).toEqual([name, at, []]);
      }
    }
  });
});

describe('a secret beside the gap of an output that was too long', () => {
  /** Of what a stream may keep, so much is its beginning, and so much its end (`Gathered`). */
  const [shareBytes, headBytes, tailBytes] = [20_000, 7_500, 12_500];
  const filler = (bytes: number) =>
    `${'nothing to see here, move along\n'.repeat(1_000).slice(-bytes + 1)}\n`;
  const partsOf = (secret: string) =>
    secret.length >= 20 ? [secret.slice(0, 10), secret.slice(-10)] : [secret];

  it('is replaced or left out, wherever in it the gap begins or ends', () => {
    for (const { name, text, hidden } of samples()) {
      const bytes = Buffer.byteLength(text);
      const [secret = ''] = hidden;
      for (let at = 1; at < bytes; at += 3) {
        const begins = shown([Buffer.from(filler(headBytes - at) + text + filler(30_000))], shareBytes);
        const ends = shown([Buffer.from(filler(30_000) + text + filler(tailBytes - bytes + at))], shareBytes);
        expect([name, at, leaksOf(begins, partsOf(secret))]).toEqual([name, at, []]);
        expect([name, at, leaksOf(ends, partsOf(secret))]).toEqual([name, at, []]);
      }
    }
  });

  it('is replaced where it is a private key', () => {
    const filler = 'nothing to see here, move along\n'.repeat(40);
    for (const [name, key] of keys()) {
      for (let move = 0; move < 2_000; move += 97) {
        const bytes = Buffer.from(`${filler.slice(move % 900)}${key}${filler.repeat(2)}`);
        expect([name, move, leaksOf(shown([bytes], 2_600 + move), bodyOf(key))]).toEqual([name, move, []]);
      }
    }
  });
});
