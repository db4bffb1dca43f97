import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from './machine.ts';

const root = join(import.meta.dirname, '..', '..');

/** What is fetched once stays until the next `npm ci`. */
export const cache = join(root, 'node_modules', '.cache', 'scout-deploy');

export type ToolSet = 'container' | 'kubernetes';

/** The directory with the packages of `tools/NAME`, by its lock file; npm fetches them the first time. */
export function toolDirectory(name: ToolSet): string {
  const from = join(import.meta.dirname, 'tools', name);
  const lock = readFileSync(join(from, 'package-lock.json'));
  const directory = join(cache, `${name}-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  const complete = join(directory, '.complete');
  if (!existsSync(complete)) {
    mkdirSync(directory, { recursive: true });
    cpSync(from, directory, { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps', ...quiet], { cwd: directory });
    writeFileSync(complete, '');
  }
  return directory;
}

/** A package of a tool set; the caller says the little of it that is used, since its types are not at hand here. */
export function loadTool<T>(name: ToolSet, specifier: string): T {
  return createRequire(join(toolDirectory(name), 'package.json'))(specifier) as T;
}

/** A copy of what the image is built from: what .dockerignore lets through. */
export function copySources(to: string): void {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  const names = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const name of [...names, 'Dockerfile', '.dockerignore'])
    cpSync(join(root, name), join(to, name), { recursive: true });
}
