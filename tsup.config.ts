import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { commonJsGlobals } from './scripts/build/common-js-globals.ts';
import { keepClassName } from './scripts/build/keep-class-name.ts';
import { leaveOut } from './scripts/build/leave-out.ts';
import { minifyOnce } from './scripts/build/minify-once.ts';
import { recordFirstAnswers } from './scripts/build/record-first-answers.ts';
import { thirdPartyLicenses } from './scripts/build/third-party-licenses.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export default defineConfig(async () => ({
  entry: { main: 'src/cli/main.ts' },
  outDir: 'dist',
  format: 'esm',
  target: 'node20',
  platform: 'node',
  // One chunk a lazy import, so that serving loads neither commander nor ssh2 nor the demo until they are needed.
  splitting: true,
  noExternal: [/.*/],
  removeNodeProtocol: false,
  // Two of them, one after the other: the second finds 4 % more of what every first npx waits for.
  minifySyntax: true,
  minifyIdentifiers: true,
  minifyWhitespace: true,
  clean: true,
  silent: true,
  define: {
    SCOUT_VERSION: JSON.stringify(version),
    SCOUT_FIRST_ANSWERS: JSON.stringify(JSON.stringify(await recordFirstAnswers(version))),
  },
  plugins: [
    commonJsGlobals(),
    minifyOnce({ module: true, ecma: 2020, compress: { passes: 2 }, format: { comments: false } }),
  ],
  esbuildPlugins: [leaveOut(), keepClassName(), thirdPartyLicenses('dist/THIRD-PARTY-LICENSES')],
}));
