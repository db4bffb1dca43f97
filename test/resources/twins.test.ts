import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../bench/tasks/world.ts';
import { resources } from '../../src/resources/index.ts';
import { steadyText } from '../tools/structured.ts';

const caller = { signal: new AbortController().signal };
let world: World;

/** A kept result has its own test: it is there only after an answer that was cut. The server itself has no tool. */
const withoutTwin = ['scout-mcp://health', 'scout-mcp://metrics', 'scout-mcp://result/{id}'];

/** By the URI or template of each: one to read, the call that shows the same, and words that prove it was there. */
const twins: Readonly<Record<string, readonly [uri: string, tool: string, args: object, words: string]>> = {
  'hosts://list': ['hosts://list', 'scout_hosts', {}, 'db-2'],
  'scout://{host}/{+path}': [
    'scout://db-2/srv/postgresql/postgresql.conf',
    'scout_read',
    { targets: ['db-2:/srv/postgresql/postgresql.conf'] },
    'max_connections',
  ],
  'docker://{host}': ['docker://app1', ...inspect('app1', 'docker'), 'hungry'],
  'docker://{host}/{container}/logs': [
    'docker://web1/shop-web-1/logs',
    ...logs('web1', 'docker:shop-web-1'),
    'upstream failed',
  ],
  'compose://{host}': ['compose://app1', ...inspect('app1', 'compose'), 'shop'],
  'compose://{host}/{project}': [
    'compose://app1/shop',
    ...inspect('app1', 'compose', 'shop'),
    'image: scout-test:1',
  ],
  'compose://{host}/{project}/logs': [
    'compose://web1/shop/logs',
    ...logs('web1', 'compose:shop'),
    'deadlock detected',
  ],
  'zfs://{host}': ['zfs://db-2', ...inspect('db-2', 'zfs'), 'DEGRADED'],
  'zfs://{host}/snapshots': ['zfs://db-2/snapshots', ...inspect('db-2', 'zfs', 'snapshots'), 'tank@monday'],
  'zfs://{host}/{pool}': ['zfs://db-2/tank', ...inspect('db-2', 'zfs', 'tank'), 'too many errors'],
  'zfs://{host}/{pool}/datasets': [
    'zfs://db-2/tank/datasets',
    ...inspect('db-2', 'zfs', 'tank/datasets'),
    '/tank',
  ],
  'syslog://{host}': ['syslog://db-2', ...logs('db-2', 'system'), 'Out of memory'],
};

beforeAll(async () => {
  world = await startWorld();
  // from here on both doors find the hosts connected
  await world.scout.call('scout_query', { hosts: '*', command: 'true' });
});

afterAll(() => world.stop());

it('Every resource has a twin among the tools', () => {
  const uris = resources.map(({ uri }) => uri).filter((uri) => !withoutTwin.includes(uri));
  expect(Object.keys(twins).toSorted()).toEqual(uris.toSorted());
});

it.each(Object.entries(twins))('%s shows what its twin shows', async (_, [uri, tool, args, words]) => {
  const { answerer } = world.scout.scout;
  const read = await answerer.readResource(uri, caller);
  if ('text' in read) throw new Error('a report was expected');
  const twin = await world.scout.call(tool, args);
  expect(steadyText(read.answer)).toBe(steadyText(twin));
  expect(twin.text).toContain(words);
});

function inspect(hosts: string, what: string, name?: string): readonly [string, object] {
  return ['scout_inspect', { hosts, what, ...(name !== undefined && { name }) }];
}

function logs(hosts: string, source: string): readonly [string, object] {
  return ['scout_logs', { hosts, source }];
}
