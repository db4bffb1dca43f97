import { describe, expect, it } from 'vitest';
import { ScoutError } from '../../src/errors.ts';
import { groupEqual, groupFailures } from '../../src/operations/group.ts';

describe('outcomes', () => {
  it('that are the same to the byte are one group, in the order of first appearance', () => {
    const values = ['x', 'y', 'x', 'x'].map((value, index) => ({ host: `h${index}`, value }));
    const groups = groupEqual(values, (value) => [value]);
    expect(groups.map(({ hosts }) => hosts)).toEqual([['h0', 'h2', 'h3'], ['h1']]);
  });

  it('are not the same where only the joint of their parts differs', () => {
    const values = [
      { host: 'h0', value: ['ab', 'c'] },
      { host: 'h1', value: ['a', 'bc'] },
      { host: 'h2', value: ['é', ''] },
      { host: 'h3', value: ['', 'é'] },
    ];
    expect(groupEqual(values, (value) => value)).toHaveLength(4);
  });
});

describe('failures', () => {
  const failure = (host: string, message: string, fix = 'Look.') => ({
    host,
    error: new ScoutError('unreachable', message, fix),
  });

  it('that differ only by the name of the host are one group', () => {
    const groups = groupFailures([
      failure('a', 'a: /a/b does not exist', 'Ask a for it.'),
      failure('web.1', 'web.1: /a/b does not exist', 'Ask web.1 for it.'),
      failure('b', 'b: /a/b does not exist', 'Ask b for it.'),
    ]);
    expect(groups.map(({ hosts }) => hosts)).toEqual([['a', 'web.1', 'b']]);
    expect(groups[0]?.error.message).toBe('a: /a/b does not exist');
  });

  it('that differ in more than that are told apart', () => {
    const failures = [
      failure('web1', 'web1: port 22 is closed'),
      failure('web2', 'web2: port 23 is closed'),
      failure('web3', 'web30: port 22 is closed'),
      failure('web4', 'web4: port 22 is closed', 'Go away.'),
    ];
    expect(groupFailures(failures)).toHaveLength(4);
  });
});
