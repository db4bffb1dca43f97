import { createHash } from 'node:crypto';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, someFile } from './beam.ts';

let sshd: Sshd;
let place: BeamPlace;

beforeAll(async () => {
  sshd = await startSshd();
  place = makePlace(sshd.writeConfig('web1'));
});

afterAll(async () => {
  await place.close();
  await sshd.stop();
});

it('a copy goes on after 4 GiB where an earlier one stopped', async () => {
  const size = 5 * 1024 ** 3;
  const kept = 4.5 * 1024 ** 3;
  const source = someFile(place.here, 'huge', 0);
  truncateSync(source, size);
  // the part that a copy of this source to this target would have left
  const hash = createHash('sha256').update(`:${source}`).digest('hex').slice(0, 16);
  const part = join(place.there, `.huge.${hash}.scout-part`);
  writeFileSync(part, '', { mode: 0o600 });
  truncateSync(part, kept);
  const answer = await place.scout.call('scout_beam', { from: source, to: `web1:${place.there}/huge` });
  expect(answer.text).not.toMatch(/Fix:/);
  expect(answer.structured.results).toMatchObject([{ size, resumed_at: kept, moved: size - kept }]);
  expect(statSync(join(place.there, 'huge')).size).toBe(size);
});
