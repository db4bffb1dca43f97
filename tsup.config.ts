import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { leaveOut } from './scripts/build/leave-out.ts';
import { thirdPartyLicenses } from './scripts/build/third-party-licenses.ts';

/** Bundled CommonJS packages expect these; an ES module has none of them. */
const commonJsGlobals = [
  "import { createRequire as __scoutCreateRequire } from 'node:module';",
  "import { fileURLToPath as __scoutToPath } from 'node:url';",
  'const require = __scoutCreateRequire(import.meta.url);',
  'const __filename = __scoutToPath(import.meta.url);',
  "const __dirname = __scoutToPath(new URL('.', import.meta.url));",
].join('\n');

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export default defineConfig({
  entry: { main: 'src/cli/main.ts' },
  outDir: 'dist',
  format: 'esm',
  target: 'node20',
  platform: 'node',
  // One chunk a lazy import, so that serving loads neither commander nor ssh2 nor the demo until they are needed.
  splitting: true,
  noExternal: [/.*/],
  removeNodeProtocol: false,
  // Names of ours go too: they are 13 % of what every first npx waits for.
  esbuildOptions(options) {
    options.minifyWhitespace = true;
    options.minifySyntax = true;
    options.minifyIdentifiers = true;
  },
  clean: true,
  silent: true,
  define: { SCOUT_VERSION: JSON.stringify(version) },
  banner: { js: commonJsGlobals },
  esbuildPlugins: [leaveOut(), thirdPartyLicenses('dist/THIRD-PARTY-LICENSES')],
});
