import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What a tool may be under. What is bundled has a shorter list (`scripts/build/third-party-licenses.ts`). */
const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MPL-2.0', 'Unlicense'];

/** Manifests from before `license` was a text; theirs is MIT, and the build reads it from them. */
const oldManifests = ['buildcheck', 'cpu-features', 'ssh2'];

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
}

const locked = Object.entries<Locked>(lockfile.packages).filter(([place]) => place !== '');

it('Every package has a licence on the list', () => {
  const off = locked
    .filter(([place]) => !oldManifests.includes(nameOf(place)))
    .filter(([, { license = 'none' }]) => !license.split(' OR ').some((each) => allowed.includes(each)))
    .map(([place, { license }]) => `${nameOf(place)}: ${license}`);
  expect(off).toEqual([]);
});

it('Every package has the hash that it must have; only those of other platforms may lack it', () => {
  const bare = locked.filter(([, { integrity, optional }]) => !integrity?.startsWith('sha512-') && !optional);
  expect(bare.map(([place]) => place)).toEqual([]);
});

it.each(['workflows', 'secrets', 'bundle'])('So do those of scripts/release/tools/%s', (name) => {
  const file = join(root, 'scripts', 'release', 'tools', name, 'package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };
  const bare = Object.entries(packages).filter(
    ([place, each]) => place && !each.integrity?.startsWith('sha512-'),
  );
  expect(bare).toEqual([]);
});

it('No package comes from anywhere but the registry that npm is set to', () => {
  const elsewhere = locked.filter(([, { resolved, link }]) => link || resolved !== undefined);
  expect(elsewhere.map(([place]) => place)).toEqual([]);
});

it('Every dependency is exact, and none is fetched where the package is installed', () => {
  const ranges = Object.entries<string>(manifest.devDependencies).filter(
    ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
  );
  expect(ranges).toEqual([]);
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
    expect(manifest[kind]).toBeUndefined();
  }
});

function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
