import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy, type TestProxy } from '../../fixtures/proxy.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, someFile } from './beam.ts';
import { breakAndResume, type Victim } from './broken.ts';

const bytes = 6_000_000;

let sshd: Sshd;
let proxy: TestProxy;
let place: BeamPlace;

beforeAll(async () => {
  sshd = await startSshd();
  proxy = await startProxy({ targetPort: sshd.port });
  const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(proxy.port)));
  writeFileSync(sshd.knownHostsFile, `${[...sshd.hostKeyLines, ...lines].join('\n')}\n`);
  const through = { Port: String(proxy.port) };
  place = makePlace(
    sshd.writeConfig('web1', sshd.configFor('shaky', through), sshd.configFor('shaky2', through)),
  );
});

afterAll(async () => {
  await place.close();
  await proxy.stop();
  await sshd.stop();
});

describe.each<[string, (name: string) => Victim]>([
  [
    'down',
    (name) => {
      const [source, target] = [someFile(place.there, name, bytes), join(place.here, name)];
      return { source, target, args: { from: `shaky:${source}`, to: target } };
    },
  ],
  [
    'up',
    (name) => {
      const [source, target] = [someFile(place.here, name, bytes), join(place.there, name)];
      return { source, target, args: { from: source, to: `shaky:${target}` } };
    },
  ],
  [
    'from host to host',
    (name) => {
      const [source, target] = [someFile(place.there, name, bytes), join(place.here, name)];
      return { source, target, args: { from: `web1:${source}`, to: `shaky:${target}` } };
    },
  ],
])('a copy %s whose connection is lost', (way, victim) => {
  it('leaves no torn target at any point, and goes on when it is called again', async () => {
    const resumed: number[] = [];
    for (const share of [0.3, 0.55, 0.8, Math.random()]) {
      const name = `${way.replaceAll(' ', '')}-${share}`;
      resumed.push(await breakAndResume(place, proxy, victim(name), share * bytes));
    }
    expect(Math.max(...resumed)).toBeGreaterThan(1_000_000);
  });
});
