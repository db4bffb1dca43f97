import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLayers } from '../scripts/layers/check-layers.ts';

const root = join(import.meta.dirname, '..');

describe('the rooms of src/', () => {
  it('keep every rule of ARCHITECTURE.md', () => {
    const { problems, long } = checkLayers(sourceFiles());
    if (long.length > 0) console.warn(`Files to think twice about:\n  ${long.join('\n  ')}`);
    expect(problems).toEqual([]);
  });
});

describe('a breach is found', () => {
  const breaches: [rule: string, files: Record<string, string>, problem: RegExp][] = [
    [
      'an import that points upward',
      { 'src/ssh/a.ts': "import { x } from '../operations/b.ts';" },
      /ssh may import/,
    ],
    [
      'a re-export that points upward',
      { 'src/format/a.ts': "export * from '../ssh/b.ts';" },
      /format may import/,
    ],
    [
      'a lazy import that points upward',
      { 'src/policy/a.ts': "await import('../ssh/b.ts');" },
      /policy may import/,
    ],
    [
      'an import of a leaf that a narrow room has no use for',
      { 'src/tools/a.ts': "import { x } from '../remote-text.ts';" },
      /tools may import/,
    ],
    ['a leaf that imports a room', { 'src/call.ts': "import { x } from './ssh/a.ts';" }, /leaves may import/],
    [
      'an import of the command line by the server',
      { 'src/serve.ts': "import { x } from './cli/a.ts';" },
      /serve may import/,
    ],
    [
      'an import of what is not in src',
      { 'src/ssh/a.ts': "import { x } from '../../test/a.ts';" },
      /outside the rooms/,
    ],
    ['an import of a computed name', { 'src/cli/a.ts': 'await import(name);' }, /computed name/],
    ['a file in no room', { 'src/stray.ts': '' }, /is in no room/],
    ['a directory that is no room', { 'src/attic/a.ts': '' }, /is in no room/],
    [
      'a circle of two files',
      { 'src/ssh/a.ts': "import { b } from './b.ts';", 'src/ssh/b.ts': "import { a } from './a.ts';" },
      /a\.ts → src\/ssh\/b\.ts → src\/ssh\/a\.ts: a circle/,
    ],
    [
      'a circle closed by a lazy import',
      {
        'src/ssh/a.ts': "import './b.ts';",
        'src/ssh/b.ts': "import './c.ts';",
        'src/ssh/c.ts': "await import('./a.ts');",
      },
      /a circle/,
    ],
    ['console.log outside cli', { 'src/answer/a.ts': "console.log('x');" }, /console\.log: only src\/cli/],
    [
      'console.dir outside cli',
      { 'src/answer/a.ts': 'globalThis.console.dir(1);' },
      /console\.dir: only src\/cli/,
    ],
    [
      'a write to stdout outside cli',
      { 'src/mcp/a.ts': "process.stdout.write('x');" },
      /process\.stdout: only src\/cli/,
    ],
    [
      'stdout handed over outside serve',
      { 'src/mcp/a.ts': 'start(process.stdout);' },
      /process\.stdout: only src\/cli/,
    ],
    [
      'stdout by another spelling',
      { 'src/mcp/a.ts': "process['stdout'].end();" },
      /process\.stdout: only src\/cli/,
    ],
    [
      'stdout taken out of process',
      { 'src/mcp/a.ts': 'const { stdout } = process;' },
      /process\.stdout: only src\/cli/,
    ],
    [
      'stdout imported from node:process',
      { 'src/mcp/a.ts': "import { stdout as out } from 'node:process';" },
      /process\.stdout: only src\/cli/,
    ],
    [
      'a write to descriptor 1',
      { 'src/observe/a.ts': "fs.writeSync(1, 'x');" },
      /descriptor 1: only src\/cli/,
    ],
    [
      'a write to stdout by serve',
      { 'src/serve.ts': "process.stdout.write('x');" },
      /process\.stdout: only src\/cli/,
    ],
    [
      'stdout kept in a variable by serve',
      { 'src/serve.ts': 'const out = process.stdout;' },
      /process\.stdout: only src\/cli/,
    ],
    ['process.exit outside cli', { 'src/serve.ts': 'process.exit(0);' }, /process\.exit: only src\/cli/],
    [
      'the MCP SDK outside mcp and demo',
      { 'src/answer/a.ts': "import { x } from '@modelcontextprotocol/sdk/types.js';" },
      /for src\/mcp\/ and src\/demo\/ only/,
    ],
    [
      'ssh2 outside ssh and demo',
      { 'src/operations/a.ts': "import ssh2 from 'ssh2';" },
      /for src\/ssh\/ and src\/demo\/ only/,
    ],
    [
      'ssh-config outside ssh/hosts',
      { 'src/ssh/auth/a.ts': "import c from 'ssh-config';" },
      /for src\/ssh\/hosts\/ only/,
    ],
    [
      'the shell parser outside policy',
      { 'src/ssh/shell/a.ts': "import { parse } from 'unbash';" },
      /for src\/policy\/ only/,
    ],
    ['commander outside cli', { 'src/serve.ts': "await import('commander');" }, /for src\/cli\/ only/],
    [
      'quoting outside policy and ssh/shell',
      { 'src/operations/a.ts': "import { quote } from '../quote.ts';" },
      /for src\/policy\/ and src\/ssh\/shell\/ and .* only/,
    ],
    [
      'commander loaded by every start',
      { 'src/cli/main.ts': "import { Command } from 'commander';" },
      /at the start of the server/,
    ],
    [
      'the demo loaded by every start',
      { 'src/cli/main.ts': "import './serve-now.ts';", 'src/cli/serve-now.ts': "import '../demo/a.ts';" },
      /at the start of the server/,
    ],
    [
      'ssh2 loaded by every start',
      { 'src/serve.ts': "import './ssh/a.ts';", 'src/ssh/a.ts': "import ssh2 from 'ssh2';" },
      /at the start of the server/,
    ],
    ['a file of more than 300 lines', { 'src/ssh/a.ts': '\n'.repeat(301) }, /301 lines/],
    ['a junk drawer', { 'src/ssh/utils.ts': '' }, /says nothing/],
    ['a directory of helpers', { 'src/ssh/helpers/a.ts': '' }, /says nothing/],
    ['a name in camel case', { 'src/ssh/hostBook.ts': '' }, /not kebab-case/],
  ];

  it.each(breaches)('%s', (_, files, problem) => {
    const { problems } = checkLayers(new Map(Object.entries(files)));
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe('what is allowed passes', () => {
  const allowed: [what: string, files: Record<string, string>][] = [
    [
      'a type from above',
      { 'src/context.ts': "import type { X } from './ssh/a.ts';\nexport type { Y } from './ssh/b.ts';" },
    ],
    ['a type by import()', { 'src/format/a.ts': "type X = import('../ssh/a.ts').X;" }],
    [
      'a step down',
      { 'src/operations/a.ts': "import { x } from '../ssh/a.ts';\nimport { y } from '../units.ts';" },
    ],
    [
      'Node’s own modules and zod',
      { 'src/ssh/a.ts': "import { x } from 'node:fs/promises';\nimport { z } from 'zod';" },
    ],
    [
      'stdout handed over by serve',
      { 'src/serve.ts': 'start(process.stdout); start({ output: process.stdout });' },
    ],
    [
      'output and exit by cli',
      { 'src/cli/a.ts': "console.log('x'); process.stdout.write('x'); process.exit(1);" },
    ],
    ['stderr by anybody', { 'src/observe/a.ts': "process.stderr.write('x'); console.error('x');" }],
    [
      'the demo loaded on demand',
      { 'src/cli/main.ts': "await import('../demo/a.ts');", 'src/demo/a.ts': "import 'ssh2';" },
    ],
    [
      'a comment or a string that speaks of process.exit',
      { 'src/ssh/a.ts': "// process.exit()\nconst x = 'console.log';" },
    ],
  ];

  it.each(allowed)('%s', (_, files) => {
    expect(checkLayers(new Map(Object.entries(files))).problems).toEqual([]);
  });
});

it('Files of more than 200 lines are listed, not refused', () => {
  const { problems, long } = checkLayers(new Map([['src/ssh/a.ts', '\n'.repeat(201)]]));
  expect({ problems, long }).toEqual({ problems: [], long: ['src/ssh/a.ts: 201 lines'] });
});

function sourceFiles(): Map<string, string> {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name.replaceAll('\\', '/')}`);
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
