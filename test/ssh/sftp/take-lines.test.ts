import { describe, expect, it } from 'vitest';
import { takeLines } from '../../../src/ssh/sftp/take-lines.ts';

const text = 'one\ntwo\n\nfour\nfive';
const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

describe('taking lines', () => {
  it('does not depend on where the chunks end', async () => {
    for (let size = 1; size <= text.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) chunks.push(Buffer.from(text.slice(at, at + size)));
      for (let firstLine = 1; firstLine <= 7; firstLine += 1) {
        for (const wanted of [undefined, 1, 2, 4]) {
          const end = wanted === undefined ? lines.length : firstLine - 1 + wanted;
          const whole = lines.slice(firstLine - 1, end).join('');
          for (const maxBytes of [1, 4, 5, 100]) {
            const taken = await takeLines(chunks, { firstLine, lines: wanted, maxBytes });
            const what = `chunks of ${size}, ${wanted} lines from ${firstLine}, ${maxBytes} bytes`;
            expect(taken.content.toString(), what).toBe(whole.slice(0, maxBytes));
            expect(taken.truncated, what).toBe(whole.length > maxBytes);
            expect(taken.reachedEnd, what).toBe(end >= lines.length && whole.length <= maxBytes);
          }
        }
      }
    }
  });

  it('stops asking for more once all is known', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        asked += 1;
        yield Buffer.from('line\nli');
      }
    }
    await takeLines(endless(), { firstLine: 2, lines: 3, maxBytes: 1_000 });
    expect(asked).toBe(4);
    await takeLines(endless(), { firstLine: 1, lines: undefined, maxBytes: 70 });
    expect(asked).toBe(4 + 11);
  });
});
