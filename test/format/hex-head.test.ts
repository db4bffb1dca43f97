import { expect, it } from 'vitest';
import { hexHead } from '../../src/format/hex-head.ts';

it('shows the first bytes as hexdump -C does', () => {
  expect(hexHead(Buffer.from('ABC\x00\x7f'.repeat(4)), 17)).toBe(
    '00000000  41 42 43 00 7f 41 42 43 00 7f 41 42 43 00 7f 41  |ABC..ABC..ABC..A|\n' +
      '00000010  42 43 00 7f                                      |BC..|',
  );
});
