// Runs a TypeScript script on Node 20, which cannot: `node scripts/run-ts.js scripts/NAME.ts [argument…]`.
// The script is bundled to a file that exists only while it runs, inside node_modules so that packages resolve.
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsup';

const script = process.argv[2];
if (!script) throw new Error('usage: node scripts/run-ts.js SCRIPT.ts [argument…]');

const directory = await mkdtemp(resolve('node_modules', '.run-ts-'));
try {
  await build({
    config: false,
    entry: { script },
    outDir: directory,
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    target: 'node20',
    splitting: false,
    skipNodeModulesBundle: true,
    removeNodeProtocol: false,
    silent: true,
  });
  process.argv.splice(1, 2, resolve(script));
  await import(pathToFileURL(join(directory, 'script.mjs')).href);
} catch (error) {
  process.stderr.write(`${basename(script)}: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
