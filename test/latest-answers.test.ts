import { expect, it } from 'vitest';
import { LatestAnswers } from '../src/latest-answers.ts';

it('makes an answer once, as long as it is among the latest that were asked for', () => {
  const latest = new LatestAnswers<boolean>(2);
  const made: string[] = [];
  const ask = (question: string) =>
    latest.get(question, () => {
      made.push(question);
      return question === 'a';
    });
  expect(['a', 'b', 'b', 'a', 'c', 'a'].map(ask)).toEqual([true, false, false, true, false, true]);
  expect(made).toEqual(['a', 'b', 'c']);
  ask('b');
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  ask('c'); // the one that was asked longest ago when `b` came
  expect(made).toEqual(['a', 'b', 'c', 'b', 'c']);
});

it('keeps nothing of what fails', () => {
  const latest = new LatestAnswers<number>(2);
  expect(() =>
    latest.get('q', () => {
      throw new Error('not now');
    }),
  ).toThrow('not now');
  expect(latest.get('q', () => 1)).toBe(1);
});
