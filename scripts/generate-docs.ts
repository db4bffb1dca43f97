import { readFile, writeFile } from 'node:fs/promises';
import { settingRows } from '../src/config.ts';
import { prompts } from '../src/prompts/index.ts';
import { resources } from '../src/resources/index.ts';
import { tools } from '../src/tools/index.ts';
import { replaceBetween } from './docs/replace-between.ts';
import { promptsTable, resourcesTable, settingsTable, toolsTable } from './docs/tables.ts';

/** `npm run docs` writes README's tables from the code; with `--check` it only says whether they are current. */
const file = 'README.md';
const tables = {
  settings: settingsTable(settingRows()),
  tools: toolsTable(tools),
  resources: resourcesTable(resources),
  prompts: promptsTable(prompts),
};
const before = await readFile(file, 'utf8');
const after = Object.entries(tables).reduce(
  (text, [name, table]) => replaceBetween(text, name, table),
  before,
);

if (after !== before && process.argv.includes('--check')) {
  throw new Error(`the tables in ${file} are stale: run npm run docs`);
}
if (after !== before) await writeFile(file, after);
