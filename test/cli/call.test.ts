import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { argumentsOf } from '../../src/cli/call.ts';
import { readOnly, type Tool } from '../../src/define.ts';

const tool: Tool = {
  name: 'scout_x',
  title: 'X',
  description: () => 'x',
  input: z.strictObject({
    hosts: z.string(),
    targets: z.array(z.string()).optional(),
    limit: z.int().optional(),
    probe: z.boolean().default(false),
  }),
  output: z.strictObject({}),
  offered: () => true,
  annotations: () => readOnly,
  run: () => Promise.reject(new Error('never run')),
};

describe('arguments on a command line', () => {
  it.each<[string[], Record<string, unknown>]>([
    [[], {}],
    [['hosts=web1'], { hosts: 'web1' }],
    [['hosts=a=b'], { hosts: 'a=b' }],
    [['hosts='], { hosts: '' }],
    [['hosts=["a"]'], { hosts: '["a"]' }],
    [['hosts=7'], { hosts: '7' }],
    [['limit=-5', 'probe=true'], { limit: -5, probe: true }],
    [['targets=web1:/a'], { targets: ['web1:/a'] }],
    [['targets=web1:/a', 'targets=web2:/b'], { targets: ['web1:/a', 'web2:/b'] }],
    [['targets=["web1:/a","web2:/b"]', 'targets=web3:/c'], { targets: ['web1:/a', 'web2:/b', 'web3:/c'] }],
    [['targets=[0-9]:/a'], { targets: ['[0-9]:/a'] }],
  ])('%j are %j', (pairs, args) => {
    expect(argumentsOf(tool, pairs)).toEqual(args);
  });

  it('leave to the tool what is of the wrong type or unknown', () => {
    const pairs = ['limit=ten', 'other=1', 'constructor=2', '__proto__=3'];
    const args = argumentsOf(tool, pairs);
    expect(Object.entries(args)).toEqual([
      ['limit', 'ten'],
      ['other', '1'],
      ['constructor', '2'],
      ['__proto__', '3'],
    ]);
  });

  it.each([
    [['hosts'], '"hosts" is not key=value'],
    [['=web1'], '"=web1" is not key=value'],
    [['hosts=a', 'hosts=b'], 'hosts is given twice, and it takes one value'],
  ])('%j are refused', (pairs, why) => {
    expect(argumentsOf(tool, pairs)).toBe(why);
  });
});
