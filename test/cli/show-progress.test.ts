import { expect, it } from 'vitest';
import { showProgress } from '../../src/cli/show-progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

it('Progress is one line that is written over, and taken away at the end', () => {
  const terminal = screen(true);
  const { progress, clear } = showProgress(terminal);
  progress({ done: 0, total: 3 });
  progress({ done: 2, total: 3, message: 'web2' });
  clear();
  clear();
  expect(terminal.written).toEqual(['\r\x1b[K0 of 3 hosts', '\r\x1b[K2 of 3 hosts', '\r\x1b[K']);
});

it('Nothing is written where nobody watches, or where the end is not known', () => {
  const file = screen(false);
  const terminal = screen(true);
  for (const [to, total] of [
    [file, { total: 3 }],
    [terminal, {}],
  ] as const) {
    const { progress, clear } = showProgress(to);
    progress({ done: 1, ...total });
    clear();
  }
  expect([...file.written, ...terminal.written]).toEqual([]);
});
