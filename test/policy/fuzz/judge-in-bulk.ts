import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../../src/policy/index.ts';
import { everyday } from '../corpus/everyday.ts';
import { hostile } from '../corpus/hostile.ts';
import { hostileText } from '../random-commands.ts';
import { fuzzedCommands } from './walk-grammars.ts';

const seed = Number(process.env.SCOUT_FUZZ_SEED ?? Date.now() % 2 ** 31);
const longestMs = 50;
const tries = Array.from({ length: 10 });

/** Defines the test that judges `total` texts, some of the corpora, some generated, most of them mutated. */
export function judgeInBulk(total: number): void {
  it(`${total} random and mutated inputs neither throw nor take long nor overflow (SCOUT_FUZZ_SEED=${seed})`, () => {
    const roots = [
      ...fc.sample(fuzzedCommands(), { numRuns: 5_000, seed }),
      ...fc.sample(hostileText, { numRuns: 5_000, seed }),
      ...everyday,
      ...hostile.map(([, command]) => command),
    ];
    const slow: string[] = [];
    const unforeseen: string[] = [];
    let accepted = 0;
    for (let count = 0; count < total; count++) {
      const root = roots[count % roots.length] ?? '';
      const text = count < roots.length ? root : mutated(root, count);
      const startedMs = performance.now();
      const verdict = judge(text);
      const isQuick = performance.now() - startedMs <= longestMs;
      if (verdict.allowed) accepted++;
      else if (verdict.refusal.reason === 'the command cannot be understood') unforeseen.push(text);
      // Others, a collection of garbage or code not yet compiled may have had a part in it: again, by itself.
      if (!isQuick && tries.every(() => ownMs(text) > longestMs)) slow.push(text.slice(0, 200));
    }
    expect({ slow, unforeseen }).toEqual({ slow: [], unforeseen: [] });
    expect(accepted).toBeGreaterThan(total / 20);
    expect(total - accepted).toBeGreaterThan(total / 20);
  }, 240_000);
}

/** In milliseconds of this process's own, whoever else has the processor meanwhile. */
function ownMs(text: string): number {
  const start = process.cpuUsage();
  judge(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

const pieces = [
  ...'\'"\\$`(){}[]<>&|;#!~*?=-+@%, \n\t\r\0ao\u00a0\u202e\ufeff\ud800',
  '$(',
  '<<E',
  '&&',
  '((',
  '{a,b}',
  '\\\n',
];

/** The text with a piece put in, taken out, doubled or swapped: where and what follows from `count` and the seed. */
function mutated(text: string, count: number): string {
  const random = (Math.imul(count ^ seed, 2_654_435_761) >>> 0) % 1_000_003;
  const at = random % (text.length + 1);
  const end = at + 1 + (random % 7);
  const piece = pieces[random % pieces.length] ?? '';
  switch (count % 5) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, at) + piece.repeat(random % 50 === 0 ? 2_000 : 1) + text.slice(end);
    case 3:
      return `${text.slice(at)} ${text.slice(0, at)}`;
    default:
      return text.slice(0, end) + text.slice(at);
  }
}
