import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import type { Tool } from '../../src/define.ts';

const mostDescription = 400;

/** Text of files by path: those of src/tools and the tests beside this one. */
export type Files = ReadonlyMap<string, string>;

/** Every step of adding a tool that is missing, and every promise that a tool does not keep. */
export function missingSteps(
  files: Files,
  registered: readonly Tool[],
  exported: ReadonlyMap<string, Tool>,
): string[] {
  const toolFiles = [...files.keys()].filter(
    (path) => path.startsWith('src/tools/') && !path.endsWith('/index.ts'),
  );
  return [
    ...toolFiles.flatMap((path) => stepsOf(path, files, registered, exported.get(path))),
    ...registered
      .filter((tool) => ![...exported.values()].includes(tool))
      .map(({ name }) => `${name}: no file src/tools/${kebab(name)}.ts exports it`),
    ...registered.flatMap(brokenPromises),
    ...registered
      .filter(({ name }, index) => registered.findIndex((other) => other.name === name) !== index)
      .map(({ name }) => `${name}: is there twice`),
  ];
}

function stepsOf(path: string, files: Files, registered: readonly Tool[], tool: Tool | undefined): string[] {
  const source = files.get(path) ?? '';
  if (!tool) return [`${path}: exports no tool`];
  const test = path.replace('src/', 'test/').replace('.ts', '.test.ts');
  const steps: [boolean, string][] = [
    [
      path === `src/tools/${kebab(tool.name)}.ts`,
      `the file of ${tool.name} is src/tools/${kebab(tool.name)}.ts`,
    ],
    [/from '\.\.\/operations\//.test(source), 'no operation: import one of src/operations'],
    [/from '\.\.\/format\//.test(source), 'no formatter: import one of src/format'],
    [registered.includes(tool), 'not in src/tools/index.ts'],
    [files.has(test), `no test: ${test}`],
  ];
  return steps.filter(([done]) => !done).map(([, what]) => `${path}: ${what}`);
}

function brokenPromises(tool: Tool): string[] {
  const config = loadConfig({});
  const description = tool.description(config);
  const hints = tool.annotations(config);
  const input = z.toJSONSchema(tool.input, { io: 'input' });
  const undescribed = Object.values(input.properties ?? {}).filter(
    (one) => typeof one === 'boolean' || !one.description,
  );
  const promises: [boolean, string][] = [
    [/^scout(_[a-z]+)+$/.test(tool.name), 'its name is not snake_case after scout_'],
    [/^[A-Z][^.]{3,60}$/.test(tool.title), 'its title is no short phrase'],
    [
      description.length > 20 && description.length < mostDescription,
      `its description has ${description.length} characters`,
    ],
    [Object.values(hints).length === 4, 'an annotation is missing'],
    [hints.openWorldHint, 'openWorldHint is not true'],
    [
      tool.name === 'scout_beam' || (hints.readOnlyHint && !hints.destructiveHint && hints.idempotentHint),
      'it is not read-only',
    ],
    [input.type === 'object' && input.additionalProperties === false, 'its input takes unknown arguments'],
    [undescribed.length === 0, 'an argument has no description'],
    [z.toJSONSchema(tool.output).type === 'object', 'its output schema is no object'],
  ];
  return promises.filter(([kept]) => !kept).map(([, what]) => `${tool.name}: ${what}`);
}

function kebab(name: string): string {
  return name.replaceAll('_', '-');
}
