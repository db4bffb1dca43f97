import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startProxy, type TestProxy } from '../../fixtures/proxy.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, someFile } from './beam.ts';
import { breakAndResume } from './broken.ts';

const points = Number(process.env.SCOUT_BREAK_POINTS ?? 50);
const bytes = 12_000_000;

let sshd: Sshd;
let proxy: TestProxy;
let place: BeamPlace;

beforeAll(async () => {
  sshd = await startSshd();
  proxy = await startProxy({ targetPort: sshd.port });
  const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(proxy.port)));
  writeFileSync(sshd.knownHostsFile, `${[...sshd.hostKeyLines, ...lines].join('\n')}\n`);
  const through = { Port: String(proxy.port) };
  place = makePlace(sshd.writeConfig('web1', sshd.configFor('shaky', through)));
});

afterAll(async () => {
  await place.close();
  await proxy.stop();
  await sshd.stop();
});

describe.each([0, 20])('with %d ms each way', (delayMs) => {
  it(`survives ${points} breaks in each direction`, async () => {
    proxy.setDelay(delayMs);
    for (let point = 0; point < points; point += 1) {
      const share = Math.random() * 1.05;
      const [there, here] = [`${place.there}/p${point}`, `${place.here}/p${point}`];
      const source = someFile(place.there, `p${point}`, bytes);
      const up = someFile(place.here, `up${point}`, bytes);
      const victims = [
        { source, target: here, args: { from: `shaky:${there}`, to: here } },
        { source: up, target: join(place.there, 'up'), args: { from: up, to: `shaky:${place.there}/up` } },
        {
          source,
          target: join(place.here, 'x'),
          args: { from: `web1:${source}`, to: `shaky:${place.here}/x` },
        },
      ];
      for (const victim of victims) await breakAndResume(place, proxy, victim, share * bytes);
    }
  });
});
