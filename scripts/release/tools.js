// Programs that only checks and releases need. They are pinned with their hashes by tools/NAME/package-lock.json, are
// fetched by npm when they are first used, and stay until the next `npm ci`; who only works on the code has none of them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The directory in which the packages of tools/NAME are installed; throws where they cannot be fetched. */
export function toolDirectory(name) {
  const from = join(import.meta.dirname, 'tools', name);
  const lock = createHash('sha256')
    .update(readFileSync(join(from, 'package-lock.json')))
    .digest('hex');
  const directory = join('node_modules', '.cache', 'scout-mcp', `${name}-${lock.slice(0, 12)}`);
  if (existsSync(directory)) return directory;
  // Installed beside it and renamed, so that half of it is never taken for the whole.
  const part = `${directory}.${process.pid}`;
  try {
    mkdirSync(part, { recursive: true });
    cpSync(from, part, { recursive: true });
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: part,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    if (!existsSync(directory)) renameSync(part, directory);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return directory;
}
