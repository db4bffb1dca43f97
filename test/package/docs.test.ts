import { expect, it } from 'vitest';
import { z } from 'zod';
import { replaceBetween } from '../../scripts/docs/replace-between.ts';
import { promptsTable, resourcesTable, settingsTable, toolsTable } from '../../scripts/docs/tables.ts';
import { readOnly, type Tool } from '../../src/define.ts';

const tool: Tool = {
  name: 'scout_x',
  title: 'Look',
  description: () => 'looks at\nthis | that',
  input: z.strictObject({ hosts: z.string(), limit: z.number().optional(), depth: z.number().default(5) }),
  output: z.strictObject({}),
  offered: () => true,
  annotations: () => readOnly,
  run: () => Promise.reject(new Error('never run')),
};

it('Only what is between the markers is replaced', () => {
  const document = 'before\n<!-- x:start -->\nold\n<!-- x:end -->\nafter\n';
  const after = 'before\n<!-- x:start -->\nnew\n<!-- x:end -->\nafter\n';
  expect(replaceBetween(document, 'x', 'new\n')).toBe(after);
  expect(replaceBetween(after, 'x', 'new')).toBe(after);
});

it.each([
  ['no marker', 'nothing'],
  ['no end', '<!-- x:start -->'],
  ['the end first', '<!-- x:end --><!-- x:start -->'],
  ['two starts', '<!-- x:start --><!-- x:start --><!-- x:end -->'],
  ['two ends', '<!-- x:start --><!-- x:end --><!-- x:end -->'],
])('A document with %s is refused', (_, document) => {
  expect(() => replaceBetween(document, 'x', 'new')).toThrow('<!-- x:start -->');
});

it('The table of tools marks optional arguments and keeps a description in its cell', () => {
  expect(toolsTable([tool]).split('\n')[2]).toBe(
    '| `scout_x`<br>Look | `hosts`, `limit?`, `depth?` | looks at this \\| that |',
  );
});

it('A tool that is not offered by default says so', () => {
  expect(toolsTable([{ ...tool, offered: () => false }])).toContain('(off by default)');
});

it('The table of resources has each URI with what it is, that of prompts their arguments', () => {
  const read = () => Promise.reject(new Error('never read'));
  const resource = {
    uri: 'x://{host}',
    name: 'x',
    title: 'An X',
    description: 'as shown',
    mimeType: '',
    read,
  };
  expect(resourcesTable([resource]).split('\n')[2]).toBe('| `x://{host}` | An X. as shown. |');
  const text = () => '';
  const prompt = { name: 'find', title: 'Find', description: 'Where | it is', text };
  const arguments_ = ['hosts', 'text'].map((name) => ({ name, description: '' }));
  expect(promptsTable([{ ...prompt, arguments: arguments_ }]).split('\n')[2]).toBe(
    '| `find` | `hosts`, `text` | Where \\| it is. |',
  );
});

it('The table of settings names the variable and the flag', () => {
  const row = {
    variable: 'SCOUT_X',
    flag: 'x',
    defaultText: '`on`',
    allowed: '`on`, `off`',
    meaning: 'does x',
  };
  const [, , line] = settingsTable([row]).split('\n');
  expect(line).toBe('| `SCOUT_X`<br>`--x` | `on` | `on`, `off` | does x |');
});
