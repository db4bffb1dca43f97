// `npm run package:mcpb [DIRECTORY]`: the bundle for Claude Desktop, made and validated by the published tool, into
// release/, and tried as it comes out of that tool. It holds what the npm package holds, and a manifest. `--stage
// DIRECTORY` lays the files there and stops.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { toolDirectory } from './tools.js';

const [first, second] = process.argv.slice(2);
if (first === '--stage') {
  if (!second) throw new Error('usage: node scripts/release/package-mcpb.js --stage DIRECTORY');
  stage(second);
} else {
  packInto(first ?? 'release');
}

function packInto(directory) {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const output = resolve(directory, `${name}-${version}.mcpb`);
  const staged = mkdtempSync(join(tmpdir(), 'scout-mcpb-'));
  try {
    stage(staged);
    mkdirSync(directory, { recursive: true });
    const program = join(toolDirectory('bundle'), 'node_modules/@anthropic-ai/mcpb/dist/cli/cli.js');
    const unpacked = join(staged, 'unpacked');
    for (const args of [
      [program, 'validate', join(staged, 'manifest.json')],
      [program, 'pack', staged, output],
      [program, 'unpack', output, unpacked],
      ['scripts/release/smoke.js', unpacked],
    ]) {
      execFileSync(process.execPath, args, { stdio: 'inherit' });
    }
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function stage(directory) {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
  // npm packs these three without being asked to.
  for (const path of ['package.json', 'README.md', 'LICENSE', ...files]) {
    cpSync(path, join(directory, path), { recursive: true });
  }
  cpSync('deploy/mcpb/manifest.json', join(directory, 'manifest.json'));
}
