import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const sources = 'src bin scripts/build package.json tsup.config.ts';

/**
 * Before tests that drive the built program: build dist/ when a source is newer than it. Runs that start at the
 * same time wait for one another, and the later one finds it done.
 */
export default function buildWhenStale(): void {
  const isStale = `[ ! -e dist/main.js ] || find ${sources} -newer dist/main.js -type f | grep -q .`;
  const build = spawnSync(
    'flock',
    ['package.json', 'sh', '-c', `if ${isStale}; then npm run --silent build; fi`],
    {
      cwd: join(import.meta.dirname, '..', '..'),
      encoding: 'utf8',
    },
  );
  if (build.status !== 0) throw new Error(`npm run build failed:\n${build.stdout}${build.stderr}`);
}
