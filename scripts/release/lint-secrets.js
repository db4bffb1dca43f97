// `npm run lint:secrets`: is there a secret in the checkout? What is left out, and why, stands in .secretlintignore.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { toolDirectory } from './tools.js';

const directory = toolDirectory('secrets');
const program = join(directory, 'node_modules/secretlint/bin/secretlint.js');
// It looks for its rules beside its configuration.
const rules = join(directory, 'secretlint.json');
cpSync('.github/secretlint.json', rules);
const { status } = spawnSync(process.execPath, [program, '--secretlintrc', rules, '**/*'], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
