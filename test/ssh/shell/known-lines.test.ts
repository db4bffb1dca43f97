import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { KnownLines } from '../../../src/ssh/shell/known-lines.ts';

const long = (text: string) => `${text} # it's "long" enough, with $signs, \\backslashes and an end`;

/** What a shell that was given all orders so far makes of the last word. */
function said(lines: readonly { readonly orders: string; readonly word: string }[]): string {
  const orders = lines.map(({ orders }) => orders).join('');
  const { word = "''" } = lines.at(-1) ?? {};
  // a dot keeps the line feeds at the end
  const script = `n='\n'; ${orders} printf '%s.' ${word}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).slice(0, -1);
}

describe('what a worker is told', () => {
  it.each([
    ['one line', 'printf x'],
    ['a line of its own', long('one')],
    ['no line', ''],
    ['empty lines', '\n\n'],
    ['lines of all kinds', ['', long('a'), '', 'b', long('a'), long('c'), "d'", ''].join('\n')],
  ])('is what was to be said, the first time and later: %s', (_, text) => {
    const known = new KnownLines();
    const told = [known.wordOf(text)];
    expect(said(told)).toBe(text);
    told.push(known.wordOf(text));
    expect(said(told)).toBe(text);
  });

  it('is a line by its name, once it was told', () => {
    const known = new KnownLines();
    const script = (path: string) => [`p='${path}'`, long('one'), long('two'), 'short'].join('\n');
    const first = known.wordOf(script('/a'));
    const second = known.wordOf(script('/b'));
    expect(first.orders.length).toBeGreaterThan(100);
    expect(second).toEqual({ orders: '', word: `'p='\\''/b'\\'''"$n$_0$n$_1$n"'short'` });
    expect(said([first, second])).toBe(script('/b'));
  });

  it('is not remembered where it is of one call, nor for ever', () => {
    const known = new KnownLines();
    const ofOneCall = [`p='${'x'.repeat(80)}'`, `printf ${'0123456789ab'.repeat(2)} ${'y'.repeat(80)}`].join(
      '\n',
    );
    expect(known.wordOf(ofOneCall).orders).toBe('');
    for (let number = 0; number < 2_000; number += 1) known.wordOf(`a\n${long(String(number))}`);
    expect(known.wordOf(`a\n${long('new')}`).orders).toBe('');
    expect(known.wordOf(`a\n${long('7')}`).word).toBe(`'a'"$n$_7"`);
  });
});
