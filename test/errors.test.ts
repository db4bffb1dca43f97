import { expect, it } from 'vitest';
import { asScoutError, formatError, ScoutError } from '../src/errors.ts';

it('An error shows its code, what failed and the next step', () => {
  const error = new ScoutError('unreachable', 'web1 does not answer', 'Check that it is on.');
  expect(formatError(error)).toBe('unreachable: web1 does not answer\nFix: Check that it is on.');
});

it('An error of ours stays what it is', () => {
  const error = new ScoutError('busy', 'a', 'b', new Error('underneath'));
  expect(asScoutError(error)).toBe(error);
  expect(error.cause).toMatchObject({ message: 'underneath' });
  expect('cause' in new ScoutError('busy', 'a', 'b')).toBe(false);
});

it.each([new TypeError('/root/.ssh/id_rsa is secret'), 'text', undefined])(
  'A defect (%s) is told without its details, which stay in the cause',
  (thrown) => {
    const error = asScoutError(thrown);
    expect(error.code).toBe('internal');
    expect(formatError(error)).not.toMatch(/secret|TypeError|text/);
    expect(error.cause).toBe(thrown);
  },
);
