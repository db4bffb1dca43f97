import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProjects } from '../../../src/format/inspect/format-compose.ts';
import { sayWith } from '../../../src/format/inspect/shown.ts';
import type { Machine } from '../../../src/operations/ask/machine.ts';
import type { Replies } from '../../../src/operations/ask/questions.ts';
import * as addresses from '../../../src/operations/inspect/addresses.ts';
import { lookAtCompose, lookAtProject } from '../../../src/operations/inspect/compose.ts';
import { lookAtDocker } from '../../../src/operations/inspect/docker.ts';
import { readContainer } from '../../../src/operations/inspect/docker-container.ts';
import { parseFileSystems } from '../../../src/operations/inspect/file-systems.ts';
import { readOverview } from '../../../src/operations/inspect/overview.ts';
import { parsePorts } from '../../../src/operations/inspect/ports.ts';
import { parseProcesses } from '../../../src/operations/inspect/processes.ts';
import { parseDevices } from '../../../src/operations/inspect/storage.ts';
import { parseUnits } from '../../../src/operations/inspect/units.ts';
import { parseShown } from '../../../src/operations/inspect/units-by-name.ts';
import { parseDatasets, parsePools } from '../../../src/operations/inspect/zfs.ts';
import { parsePoolStatus } from '../../../src/operations/inspect/zpool-status.ts';
import { toRemoteText } from '../../../src/remote-text.ts';
import { anyCharacter } from '../../fixtures/any-character.ts';

function replying(text: string): Machine {
  return {
    host: 'h',
    ask: async (questions) => ({
      // each question has the same answer
      replies: Object.fromEntries(
        Object.keys(questions).map((name) => [name, { ok: true, text, isWhole: true }]),
      ) as Replies<never>,
      complaints: '',
      denied: [],
      startedMs: 0,
      endedMs: 1,
    }),
  };
}

const parsers: readonly ((text: string) => unknown)[] = [
  addresses.parseAddressesJson,
  addresses.parseAddressesText,
  (text) => addresses.parseKernelAddresses(text, text),
  (text) => addresses.parseRoutesJson(text, text),
  addresses.parseRoutesText,
  addresses.parseKernelRoutes,
  readContainer,
  (text) => parseFileSystems(text, text, text),
  parsePorts,
  (text) => parseProcesses(text, true),
  (text) => parseProcesses(text, false),
  parseShown,
  parseDevices,
  parseUnits,
  parseDatasets,
  parsePools,
  parsePoolStatus,
  (text) => {
    const reply = { ok: true, text, isWhole: true };
    const names = [
      'clock',
      'release',
      'kernel',
      'uptime',
      'load',
      'processors',
      'memory',
      'users',
      'failed',
      'ports',
    ];
    const replies = Object.fromEntries(
      [...names, 'mounts', 'inodes', 'blocks', 'clockAgain'].map((one) => [one, reply]),
    );
    return readOverview({ replies, startedMs: 0, endedMs: 1, complaints: text });
  },
];

describe('no parser throws, whatever a machine says', () => {
  const json = fc.json().map((text) => text);
  const rows = fc
    .array(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.constantFrom('__proto__', '0', '-1', '1e999', '99999999999999999999', '%', '\t', ': ', '/'),
        ),
        { maxLength: 9 },
      ),
    )
    .map((lines) => lines.map((words) => words.join(' ')).join('\n'));
  const cut = fc.tuple(json, fc.nat(400)).map(([text, length]) => text.slice(0, length));

  it.each(parsers.map((parse, at) => [at, parse] as const))('%i', (_, parse) => {
    fc.assert(
      fc.property(fc.oneof(json, rows, cut, fc.string(), fc.string({ unit: anyCharacter })), (text) => {
        expect(() => parse(text)).not.toThrow();
      }),
      { numRuns: 150 },
    );
  });
});

it.each([
  ['a long row of blanks', `${' '.repeat(60_000)}x`],
  ['a long row of blanks in a description', `a.service b c d x${' '.repeat(60_000)}y`],
  [
    'a long row of blanks before a separator of lines',
    `1 2 root S 0.1 100 1:00 ${' '.repeat(60_000)}a\u2028b`,
  ],
  ['a long word before a separator of lines', `a.service b c ${'d'.repeat(60_000)}\rx`],
  ['very many addresses of one interface', '1: a inet 1\n'.repeat(30_000)],
])('%s takes no parser longer than reading it', (_, text) => {
  for (const [at, parse] of parsers.entries()) {
    const start = process.cpuUsage();
    parse(text);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000, `parser ${at}`).toBeLessThan(1_500);
  }
});

it('values of the wrong kind are left out, and names of prototypes are names', () => {
  const wrong = {
    Id: 'x',
    Name: 5,
    State: [],
    Args: {},
    Mounts: 'x',
    HostConfig: null,
    Config: { Env: [1, 'A=b'] },
  };
  expect(readContainer(JSON.stringify([wrong]))).toMatchObject({
    name: '',
    state: 'unknown',
    environment: ['A'],
  });
  const named = '[{"Id":"x","Config":{"Labels":{"__proto__":"a","constructor":"b"}}}]';
  expect(readContainer(named)?.labels).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  expect(readContainer('[{"__proto__":{"Id":"x"}}]')).toBeUndefined();
  expect(({} as { Id?: string }).Id).toBeUndefined();
});

it('a table has a bounded number of rows, and says how many there were', async () => {
  const line = (index: number) =>
    `{"id":"${index.toString(16).padStart(12, '0')}","name":"n${index}","project":"p"}`;
  const lines = Array.from({ length: 2_000 }, (_, index) => line(index)).join('\n');
  const { containers, total } = await lookAtDocker(replying(lines));
  expect([containers.length, total]).toEqual([500, 2_000]);
  const deep = `${'{"blockdevices":[{"children":['.replace('{"blockdevices":', '')}`.repeat(5_000);
  expect(parseDevices(`{"blockdevices":${deep}`)).toBeUndefined();
  const nested = Array.from({ length: 100 }).reduce<object>(
    (inner) => ({ name: 'd', children: [inner] }),
    {},
  );
  expect(parseDevices(JSON.stringify({ blockdevices: [nested] }))?.length).toBeLessThan(30);
});

it('a compose file is read by an absolute path only', async () => {
  const line = '{"id":"abcdefabcdef","name":"n","project":"p","files":"compose.yaml,-rf,/ok.yaml"}';
  const { files } = await lookAtProject(replying(line), 'p');
  expect(files.map(({ path, problem }) => [path, problem])).toEqual([
    ['compose.yaml', 'where it is is not known'],
    ['-rf', 'where it is is not known'],
    ['/ok.yaml', undefined],
  ]);
});

it('a long directory before thousands of compose files takes no longer than reading them', async () => {
  const files = Array.from({ length: 2_000 }, (_, at) => at.toString(36)).join(',');
  const ask = async (dir: string) => {
    const start = process.cpuUsage();
    const line = JSON.stringify({ id: 'a', name: 'n', project: 'p', files, dir });
    const shown = formatProjects(
      await lookAtCompose(replying(line)),
      sayWith((remote) => toRemoteText(remote)),
    );
    const { user, system } = process.cpuUsage(start);
    return { shown: JSON.stringify(shown), ms: (user + system) / 1_000 };
  };
  const { shown } = await ask('/srv/shop');
  expect(shown).toContain('/srv/shop/0, /srv/shop/1, ');
  expect(shown).toContain(', 1jj');
  expect((await ask('/'.padEnd(4_000, 'd'))).ms).toBeLessThan(300);
  expect((await ask('/'.padEnd(20_000, 'd'))).ms).toBeLessThan(300);
});
