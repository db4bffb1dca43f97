import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { loadConfig, settingRows } from '../../src/config.ts';
import { tools } from '../../src/tools/index.ts';
import { mcpbManifest } from './mcpb-manifest.ts';
import { serverJson } from './server-json.ts';

/** `npm run manifests` writes server.json and the bundle's manifest from the code; with `--check` it only says whether they are current. */
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const config = loadConfig({});
const offered = tools
  .filter((tool) => tool.offered(config))
  .map((tool) => ({ name: tool.name, description: tool.description(config) }));
const files = {
  'server.json': serverJson(manifest, settingRows()),
  'deploy/mcpb/manifest.json': mcpbManifest(manifest, settingRows(), offered),
};

for (const [file, content] of Object.entries(files)) {
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  const current = await readFile(file, 'utf8').catch(() => '');
  if (isSame(current, text)) continue;
  if (process.argv.includes('--check')) throw new Error(`${file} is stale: run npm run manifests`);
  await writeFile(file, text);
  const biome = ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', file];
  execFileSync(process.execPath, biome, { stdio: 'ignore' });
}

/** Layout aside, which is the formatter's. */
function isSame(current: string, text: string): boolean {
  try {
    return JSON.stringify(JSON.parse(current)) === JSON.stringify(JSON.parse(text));
  } catch {
    return false;
  }
}
