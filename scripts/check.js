// What CI runs: every check in turn, the quick ones first. Stops at the first that fails.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { testResults } from './test-results.js';

const steps = [
  ['lint', 'npm run --silent lint'],
  ['types', 'npm run --silent types'],
  ['dead code', 'npm run --silent dead'],
  ['docs', 'npm run --silent docs:check'],
  ['build', 'npm run --silent build'],
  ['package', 'npm run --silent package:check'],
  ['manifests', 'npm run --silent manifests:check'],
  ['workflows', 'npm run --silent lint:workflows'],
  // Licences of what is bundled are checked by the build, those of the tools by test/supply-chain/.
  ['audit', 'npm run --silent audit:bundled'],
  // The rules of the rooms (test/layers.test.ts) and the packed tarball (test/package/) are tests like the others.
  ['tests', `npx vitest run --coverage --reporter=default --reporter=json --outputFile.json=${testResults}`],
];

rmSync(testResults, { force: true });
for (const [name, command] of steps) {
  const started = performance.now();
  console.log(`check: ${name}`);
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`check: ${name} ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  if (status !== 0) process.exit(1);
}
