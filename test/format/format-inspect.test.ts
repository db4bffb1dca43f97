import { expect, it } from 'vitest';
import { formatInspect } from '../../src/format/format-inspect.ts';
import type { Facts } from '../../src/operations/inspect-hosts.ts';
import { toRemoteText } from '../../src/remote-text.ts';

const process = { pid: 7, parent: 1, user: 'a', state: 'Z', memoryBytes: 0, elapsed: '00:01', command: 'x' };
const disk = { source: '/dev/vda1', mount: '/data', readOnly: true };
const container = { id: '1', name: 'web', image: 'i', state: 'running', ports: '' };

it.each<[string, Facts, object]>([
  [
    'of processes',
    {
      what: 'processes',
      total: 300,
      states: [['Z', 12]],
      zombies: [process],
      named: [process],
      namedTotal: 120,
      isWhole: true,
    },
    { total: 300, zombies_total: 12, named_total: 120 },
  ],
  [
    'of file systems',
    { what: 'storage', fileSystems: [], readOnly: [disk] },
    { total: 0, over_80_percent: 0, read_only_total: 1 },
  ],
  [
    'of containers of a project',
    { what: 'project', project: 'shop', directory: '/srv', containers: [container], files: [] },
    { total: 1, running: 1 },
  ],
])('the numbers %s have names of their own, which no list takes', (_, facts, numbers) => {
  const { entries } = formatInspect(
    { groups: [{ hosts: ['web1'], values: [{ facts }] }], failures: [] },
    { clean: (bytes) => toRemoteText(bytes) },
  );
  const { facts: said = {}, tables = {} } = entries[0] ?? {};
  expect(said).toMatchObject(numbers);
  expect(Object.keys(said).filter((name) => name in tables)).toEqual([]);
});
