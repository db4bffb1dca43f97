import { expect, test } from 'vitest';
import { randomHex } from '../src/random-hex.ts';

test('as many digits as asked for, every one of them random', () => {
  for (const digits of [12, 16, 24]) expect(randomHex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
  const many = Array.from({ length: 500 }, () => randomHex(24));
  expect(new Set(many).size).toBe(many.length);
  // each place holds each digit now and then: no version, no variant
  for (let place = 0; place < 24; place += 1) expect(new Set(many.map((one) => one[place])).size).toBe(16);
});
