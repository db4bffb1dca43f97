import { expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { completeHosts } from '../../src/resources/complete-hosts.ts';

const aliases = ['web1', 'web2', 'db1'];
// nothing else of it is asked
const context = { hosts: { list: async () => aliases.map((alias) => ({ alias })) } } as unknown as Context;
const complete = async (prefix: string) =>
  (await completeHosts(context, { variable: 'hosts', prefix })).values;

it('the last of a list of hosts is completed, as long as there is such a list', async () => {
  expect(await complete('db1,w')).toEqual(['db1,web1', 'db1,web2']);
  expect(await complete(`${'db1,'.repeat(1_023)}w`)).toHaveLength(2);
  expect(await complete(`${'db1,'.repeat(1_000_000)}w`)).toEqual([]);
});
