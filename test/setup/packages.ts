import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Install what packages.txt names and this machine lacks; throws with the command to run where it cannot. */
export function installPackages(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const mayInstall = process.getuid?.() === 0 && isExecutable('apt-get');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  if (mayInstall) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', install, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }
  const still = missingPackages();
  if (still.length > 0) throw new Error(`The tests need: sudo apt-get install -y ${still.join(' ')}`);
}

function missingPackages(): string[] {
  const lines = readFileSync(join(import.meta.dirname, 'packages.txt'), 'utf8').split('\n');
  const wanted = lines.filter((line) => line && !line.startsWith('#')).map((line) => line.split(' '));
  const missing = wanted.filter(([, command = '']) => !isExecutable(command));
  return [...new Set(missing.map(([name = '']) => name))];
}

function isExecutable(command: string): boolean {
  const directories = isAbsolute(command)
    ? ['']
    : [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return directories.some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
