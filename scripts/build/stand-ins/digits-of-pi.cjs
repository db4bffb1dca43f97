'use strict';

const wordCount = 18 + 4 * 256;
let words;

/** Words `from` to `to` (not with it), of 32 bits each, of pi behind its point: what Blowfish begins with. A copy. */
exports.wordsOfPi = (from, to) => {
  words ??= compute();
  return words.slice(from, to);
};

/** By Machin's formula: pi is 16 arctan(1/5) less 4 arctan(1/239). */
function compute() {
  const spare = 64n;
  const one = 1n << (BigInt(32 * wordCount) + spare);
  const arctan = (inverse) => {
    let sum = 0n;
    for (let power = one / inverse, n = 1n; power !== 0n; power = -power / inverse ** 2n, n += 2n) sum += power / n;
    return sum;
  };
  const fraction = (16n * arctan(5n) - 4n * arctan(239n) - 3n * one) >> spare;
  const hex = fraction.toString(16).padStart(8 * wordCount, '0');
  return Uint32Array.from(hex.match(/.{8}/g), (word) => Number.parseInt(word, 16));
}
