import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, partName, parts } from './beam.ts';

const limit = 2 ** 32;
const size = limit + 40_000_000;
/** Where there is anything but zeros, on both sides of 4 GiB: a position that lost its upper half would show. */
const places = [
  0,
  40_000_000 - 1_000,
  limit - 20_000_000,
  limit - 500,
  limit + 500,
  limit + 20_000_000,
  size - 1_000,
];

let sshd: Sshd;
let place: BeamPlace;
let written: readonly Buffer[];

beforeAll(async () => {
  sshd = await startSshd();
  const web2 = sshd.configFor('web2', { ServerAliveInterval: '7' });
  place = makePlace(sshd.writeConfig('web1', web2));
  written = places.map(() => randomBytes(1_000));
});

afterAll(async () => {
  await place.close();
  await sshd.stop();
});

/** A file of zeros that takes no room, up to `bytes`, with what stands at `places` before that. */
function sparse(path: string, bytes: number): void {
  writeFileSync(path, '', { mode: 0o600 });
  truncateSync(path, bytes);
  const file = openSync(path, 'r+');
  for (const [index, at] of places.entries())
    if (at < bytes) writeSync(file, written[index] as Buffer, 0, Math.min(1_000, bytes - at), at);
  closeSync(file);
}

function looksRight(path: string): boolean {
  const file = openSync(path, 'r');
  const right = places.every((at, index) => {
    const there = Buffer.alloc(1_000);
    readSync(file, there, 0, 1_000, at);
    return there.equals(written[index] as Buffer);
  });
  const { size: bytes } = fstatSync(file);
  closeSync(file);
  return right && bytes === size;
}

it.each([
  ['up', '', 'web1:'],
  ['down', 'web1:', ''],
  ['from host to host', 'web1:', 'web2:'],
  ['within a host', 'web1:', 'web1:'],
])(
  'a copy %s goes on before 4 GiB and behind it, and every byte is where it belongs',
  async (way, from, to) => {
    const [first, second] = from === '' ? [place.here, place.there] : [place.there, place.here];
    for (const kept of [limit - 30_000_000, limit + 10_000_001]) {
      const [source, directory] = [join(first, 'huge'), join(second, `${way.replaceAll(' ', '-')}-${kept}`)];
      mkdirSync(directory);
      sparse(source, size);
      sparse(join(directory, partName(from, to, source, 'huge')), kept);
      const answer = await place.scout.call('scout_beam', {
        from: from + source,
        to: `${to}${directory}/huge`,
      });
      expect(answer.text).not.toMatch(/Fix:/);
      expect(answer.structured.results).toMatchObject([
        { size, resumed_at: kept, moved: size - kept, verified: true },
      ]);
      expect(looksRight(join(directory, 'huge'))).toBe(true);
      expect(statSync(join(directory, 'huge')).mode & 0o777).toBe(0o600);
      expect(parts(directory)).toEqual([]);
    }
  },
);
