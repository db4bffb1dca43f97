import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peers } from './contenders/peers.ts';
import { interleave, type Taken, timed } from './measure.ts';

const execute = promisify(execFile);

/** Install what is to be measured into a directory of its own, by npm. */
export async function installPeers(directory: string): Promise<void> {
  await install(
    directory,
    peers.map((peer) => `${peer.package}@${peer.version}`),
  );
}

export interface Installed {
  readonly ms: ReadonlyMap<string, Taken>;
  /** Of the tarball that npm fetches, without those it depends on. */
  readonly packedBytes: ReadonlyMap<string, number>;
  /** Of node_modules. */
  readonly installedBytes: ReadonlyMap<string, number>;
  readonly packages: ReadonlyMap<string, number>;
}

/**
 * Install each package alone, again and again, all of it from npm's cache: what a first `npx` does besides fetching.
 * scout is packed from this tree, which must be built.
 */
export async function measureInstall(runs: number): Promise<Installed> {
  const root = mkdtempSync(join(tmpdir(), 'bench-install-'));
  try {
    const { stdout } = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', root]);
    const [own] = JSON.parse(stdout) as [{ readonly filename: string; readonly size: number }]; // as npm-pack(1) has it
    const specs = new Map([['scout', join(root, own.filename)]]);
    const packedBytes = new Map([['scout', own.size]]);
    for (const { name, spec } of peers.map(named)) {
      const packed = await npm(['pack', '--dry-run', '--json', spec]);
      packedBytes.set(name, (JSON.parse(packed.stdout) as [{ readonly size: number }])[0].size);
      specs.set(name, spec);
    }
    const place = (name: string) => join(root, name);
    const job = (name: string, spec: string) => async () => {
      rmSync(place(name), { recursive: true, force: true });
      return await timed(() => install(place(name), [spec]));
    };
    for (const [name, spec] of specs) await job(name, spec)(); // from now on it is in the cache
    const ms = await interleave(new Map([...specs].map(([name, spec]) => [name, job(name, spec)])), runs);
    const all = [...specs.keys()];
    return {
      ms,
      packedBytes,
      installedBytes: new Map(all.map((name) => [name, bytesBelow(join(place(name), 'node_modules'))])),
      packages: new Map(all.map((name) => [name, packagesIn(join(place(name), 'node_modules'))])),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function named({ package: name, version }: (typeof peers)[number]) {
  return { name: name.replace(/^@[^/]*\//, ''), spec: `${name}@${version}` };
}

async function install(directory: string, specs: readonly string[]): Promise<void> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  await npm(['install', '--prefix', directory, '--no-audit', '--no-fund', '--prefer-offline', ...specs]);
}

async function npm(words: readonly string[]) {
  return await execute('npm', [...words], { maxBuffer: 64 * 1024 ** 2 });
}

function bytesBelow(directory: string): number {
  const sizes = readdirSync(directory, { withFileTypes: true }).map((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return bytesBelow(path);
    return entry.isFile() ? statSync(path).size : 0;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

function packagesIn(modules: string): number {
  const entries = readdirSync(modules, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  );
  const counts = entries.map((entry) => {
    const path = join(modules, entry.name);
    if (entry.name.startsWith('@')) return packagesIn(path);
    return 1 + (readdirSync(path).includes('node_modules') ? packagesIn(join(path, 'node_modules')) : 0);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
