import { expect, it } from 'vitest';
import { LatestAnswers } from '../src/latest-answers.ts';

it('makes an answer once, as long as it is among the latest that were asked for', () => {
  const latest = new LatestAnswers<string | undefined>(2);
  const made: string[] = [];
  const ask = (question: string) =>
    latest.get(question, () => {
      made.push(question);
      return question === 'none' ? undefined : `${question}!`;
    });
  expect(['a', 'b', 'a', 'none', 'a', 'none'].map(ask)).toEqual([
    'a!',
    'b!',
    'a!',
    undefined,
    'a!',
    undefined,
  ]);
  expect(made).toEqual(['a', 'b', 'none']);
  ask('b');
  expect(made).toEqual(['a', 'b', 'none', 'b']);
  ask('a'); // the one that was asked longest ago when `b` came
  expect(made).toEqual(['a', 'b', 'none', 'b', 'a']);
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
