import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy, type TestProxy } from '../../fixtures/proxy.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, sha256, someFile } from './beam.ts';
import { beamApart, run } from './speed.ts';

/** SCOUT_SPEED_MIB: a smaller file, for a look. */
const mib = Number(process.env.SCOUT_SPEED_MIB ?? 1024);
const mostRssBytes = 150 * 1024 ** 2;

let sshd: Sshd;
let place: BeamPlace;
let proxy: TestProxy;
let config: string;

beforeAll(async () => {
  sshd = await startSshd();
  proxy = await startProxy({ targetPort: sshd.port });
  const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(proxy.port)));
  writeFileSync(sshd.knownHostsFile, `${[...sshd.hostKeyLines, ...lines].join('\n')}\n`);
  const far = { Port: String(proxy.port) };
  // another setting makes it another host: on one and the same the copy would stay there
  const other = { ServerAliveInterval: '7' };
  config = sshd.writeConfig(
    'near1',
    sshd.configFor('near2', other),
    sshd.configFor('far1', far),
    sshd.configFor('far2', { ...far, ...other }),
  );
  place = makePlace(config);
});

afterAll(async () => {
  await place.close();
  await proxy.stop();
  await sshd.stop();
});

describe.each([
  ['at 0 ms of round trip', 'near', 0, 1.0, mib],
  ['at 100 ms of round trip', 'far', 50, 2.0, Math.min(mib, 256)],
] as const)('%s', (_, alias, delayMs, leastRatio, size) => {
  it(`copies as fast as it should beside sftp and scp, in constant memory`, async () => {
    proxy.setDelay(delayMs);
    const { here, there } = place;
    const big = someFile(there, `big-${alias}`, 0);
    await run('sh', ['-c', `head -c ${size * 1024 ** 2} /dev/urandom > '${big}'`]);
    const name = (what: string) => join(here, `${what}-${alias}`);
    const sftp = async (batch: string) =>
      (await run('sftp', ['-q', '-F', config, '-b', '-', `${alias}1`], batch)).ms;
    const theirs = {
      down: await sftp(`get ${big} ${name('sftp-down')}\n`),
      up: await sftp(`put ${big} ${name('sftp-up')}\n`),
      across: (await run('scp', ['-3', '-q', '-F', config, `${alias}1:${big}`, `${alias}2:${name('scp')}`]))
        .ms,
    };
    const copies = [
      { from: `${alias}1:${big}`, to: name('down') },
      { from: name('down'), to: `${alias}1:${name('up')}` },
      { from: `${alias}1:${big}`, to: `${alias}2:${name('across')}` },
      { from: `${alias}1:${big}`, to: `${alias}1:${name('within')}` },
    ];
    const ours = await beamApart(config, here, copies);
    const [down, up, across, within] = ours;
    const ratios = {
      down: theirs.down / (down?.ms ?? 0),
      up: theirs.up / (up?.ms ?? 0),
      across: theirs.across / (across?.ms ?? 0),
      rssMiB: ours.map(({ rssBytes }) => Math.round(rssBytes / 1024 ** 2)),
      ms: { theirs, ours: ours.map(({ ms }) => Math.round(ms)) },
    };
    process.stderr.write(`${alias}, ${size} MiB: ${JSON.stringify(ratios)}\n`);
    for (const one of ours) expect(one, one.text).toMatchObject({ isError: false });
    for (const what of ['down', 'up', 'across', 'within']) expect(sha256(name(what))).toBe(sha256(big));
    expect(ratios.down).toBeGreaterThanOrEqual(leastRatio);
    expect(ratios.up).toBeGreaterThanOrEqual(leastRatio);
    expect(ratios.across).toBeGreaterThanOrEqual(2);
    expect(Math.max(...ours.map(({ rssBytes }) => rssBytes))).toBeLessThan(mostRssBytes);
    expect(within?.isError).toBe(false);
  });
});

it('copies 10,000 small files as fast as scp -r', async () => {
  proxy.setDelay(0);
  const many = join(place.there, 'many');
  for (let directory = 0; directory < 10; directory += 1) {
    mkdirSync(join(many, `d${directory}`), { recursive: true });
    for (let file = 0; file < mib; file += 1) someFile(join(many, `d${directory}`), `f${file}`, 1024);
  }
  const scp = (from: string, to: string) => run('scp', ['-q', '-r', '-F', config, from, to]);
  const theirs = [
    (await scp(`near1:${many}`, join(place.here, 'scp-down'))).ms,
    (await scp(many, `near1:${join(place.here, 'scp-up')}`)).ms,
  ];
  const ours = await beamApart(config, place.here, [
    { from: `near1:${many}`, to: join(place.here, 'many-down'), recursive: true },
    { from: join(place.here, 'many-down'), to: `near1:${join(place.here, 'many-up')}`, recursive: true },
  ]);
  const ratios = ours.map(({ ms }, index) => (theirs[index] ?? 0) / ms);
  process.stderr.write(
    `small files: ${JSON.stringify({ ratios, theirs, ours: ours.map(({ ms }) => ms) })}\n`,
  );
  for (const one of ours) expect(one, one.text).toMatchObject({ isError: false });
  for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(1);
});
