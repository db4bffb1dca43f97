import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import type { Tool } from '../../src/define.ts';
import { tools } from '../../src/tools/index.ts';
import { scoutRead } from '../../src/tools/scout-read.ts';
import { type Files, missingSteps } from './registry.ts';

const root = join(import.meta.dirname, '../..');

describe('the registry of tools', () => {
  it('misses no step of adding a tool, and every tool keeps its promises', async () => {
    expect(missingSteps(filesOf('src/tools', 'test/tools'), tools, await exportedTools())).toEqual([]);
  });

  it('is in the order that clients show', () => {
    expect(tools.map(({ name }) => name)).toEqual([
      'scout_hosts',
      'scout_read',
      'scout_find',
      'scout_query',
      'scout_diff',
      'scout_logs',
      'scout_inspect',
      'scout_beam',
    ]);
  });

  it('marks scout_query as destructive where any command may run, and hides it where none may', () => {
    const query = tools.find(({ name }) => name === 'scout_query');
    const under = (SCOUT_QUERY_POLICY: string) => loadConfig({ SCOUT_QUERY_POLICY });
    expect(query?.annotations(under('unrestricted'))).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
    });
    expect(query?.description(under('unrestricted'))).toContain('may change');
    expect(query?.offered(under('off'))).toBe(false);
    for (const policy of ['readonly', 'unrestricted']) expect(query?.offered(under(policy))).toBe(true);
  });
});

describe('a missing step is named', () => {
  const path = 'src/tools/scout-read.ts';
  const whole: Files = new Map([
    [path, "import { f } from '../format/f.ts';\nimport { o } from '../operations/o.ts';"],
    ['test/tools/scout-read.test.ts', ''],
  ]);
  const exported = new Map([[path, scoutRead]]);
  const without = (key: string) => new Map([...whole].filter(([name]) => name !== key));
  const changed = (change: Partial<Tool>) => {
    const tool = { ...scoutRead, ...change };
    return missingSteps(whole, [tool], new Map([[path, tool]]));
  };

  it('unless none is', () => {
    expect(missingSteps(whole, [scoutRead], exported)).toEqual([]);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      'the operation',
      () => missingSteps(new Map([...whole, [path, "from '../format/f.ts'"]]), [scoutRead], exported),
      /no operation/,
    ],
    [
      'the formatter',
      () => missingSteps(new Map([...whole, [path, "from '../operations/o.ts'"]]), [scoutRead], exported),
      /no formatter/,
    ],
    [
      'the file',
      () => missingSteps(without(path), [scoutRead], new Map()),
      /no file src\/tools\/scout-read\.ts/,
    ],
    ['the export', () => missingSteps(whole, [], new Map()), /exports no tool/],
    ['the line in the index', () => missingSteps(whole, [], exported), /not in src\/tools\/index\.ts/],
    [
      'the test',
      () => missingSteps(without('test/tools/scout-read.test.ts'), [scoutRead], exported),
      /no test/,
    ],
    ['the name as the file has it', () => changed({ name: 'scout_see' }), /the file of scout_see is/],
    ['the title', () => changed({ title: '' }), /its title/],
    ['a short description', () => changed({ description: () => 'x'.repeat(400) }), /400 characters/],
    ['an annotation', () => changed({ annotations: () => ({}) as never }), /an annotation is missing/],
    [
      'read-only',
      () =>
        changed({ annotations: () => ({ ...scoutRead.annotations(loadConfig({})), readOnlyHint: false }) }),
      /not read-only/,
    ],
    ['a strict schema', () => changed({ input: z.object({}) }), /takes unknown arguments/],
    [
      'the description of an argument',
      () => changed({ input: z.strictObject({ a: z.string() }) }),
      /no description/,
    ],
  ])('%s', (_, check, problem) => {
    expect(check()).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });
});

async function exportedTools(): Promise<Map<string, Tool>> {
  const exported = new Map<string, Tool>();
  for (const path of filesOf('src/tools').keys()) {
    if (path.endsWith('/index.ts')) continue;
    const module = (await import(join(root, path))) as Record<string, Tool>;
    const [tool] = Object.values(module);
    if (tool) exported.set(path, tool);
  }
  return exported;
}

function filesOf(...directories: string[]): Map<string, string> {
  const paths = directories.flatMap((directory) =>
    readdirSync(join(root, directory)).map((name) => `${directory}/${name}`),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
