import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianProgram } from '../fixtures/debian-program.ts';

/** What is fetched once stays until the next `npm ci`. */
const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'scout-watching');
const packages = ['prometheus', 'prometheus-node-exporter'];

/** Before the first test: Prometheus' programs are on the PATH, installed or unpacked, and none of them started. */
export default function setUp(): void {
  if (areThere()) return;
  mkdirSync(cache, { recursive: true });
  const unpacked = packages.map((name) => join(cache, name, 'usr', 'bin'));
  process.env.PATH = [process.env.PATH, ...unpacked].join(delimiter);
  if (areThere()) return;
  // a new container knows no packages
  if (process.getuid?.() === 0) spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  try {
    for (const name of packages) debianProgram(name, name, cache);
  } catch (error) {
    throw new Error(`This run needs: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`, {
      cause: error,
    });
  }
}

function areThere(): boolean {
  return ['promtool', ...packages].every(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
  );
}
