import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWire, type Wire } from '../../../bench/wire.ts';
import { type RunningServer, startServer } from '../../fixtures/server.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, sha256, someFile } from './beam.ts';

/** For a look: a smaller file, fewer small ones, fewer runs. */
const mib = Number(process.env.SCOUT_SPEED_MIB ?? 1024);
const filesEach = Number(process.env.SCOUT_SPEED_FILES ?? 1000);
const runs = Number(process.env.SCOUT_SPEED_RUNS ?? 3);
const mostRssMib = 150;

let sshd: Sshd;
let place: BeamPlace;
let wire: Wire;
let config: string;

beforeAll(async () => {
  sshd = await startSshd();
  wire = await startWire({ targetPort: sshd.port, roundTripMs: 100 });
  const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(wire.port)));
  writeFileSync(sshd.knownHostsFile, `${[...sshd.hostKeyLines, ...lines].join('\n')}\n`);
  const far = { Port: String(wire.port) };
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
  await wire.stop();
  await sshd.stop();
});

describe.each([
  ['at 0 ms of round trip', 'near', 1.0, mib],
  ['at 100 ms of round trip', 'far', 2.0, Math.min(mib, 256)],
] as const)('%s', (_, alias, least, size) => {
  const name = (what: string) => join(place.here, `${what}-${alias}`);
  let big: string;

  beforeAll(async () => {
    big = someFile(place.there, `big-${alias}`, 0);
    await run('sh', ['-c', `head -c ${size * 1024 ** 2} /dev/urandom > '${big}'`]);
  });

  it.each([
    [
      'down',
      least,
      () => sftp(`${alias}1`, `get ${big} ${name('theirs')}\n`),
      () => ({ from: `${alias}1:${big}`, to: name('ours') }),
    ],
    [
      'up',
      least,
      () => sftp(`${alias}1`, `put ${big} ${name('theirs')}\n`),
      () => ({ from: name('source'), to: `${alias}1:${name('ours')}` }),
    ],
    [
      'across',
      2,
      () => run('scp', ['-3', '-q', '-F', config, `${alias}1:${big}`, `${alias}2:${name('theirs')}`]),
      () => ({ from: `${alias}1:${big}`, to: `${alias}2:${name('ours')}` }),
    ],
  ] as const)(
    'copies one large file %s at least %s times as fast as OpenSSH, in constant memory',
    async (way, wanted, theirs, args) => {
      if (way === 'up') await run('cp', [big, name('source')]);
      const wantedSha = sha256(big);
      const check = () => expect(sha256(name('ours'))).toBe(wantedSha);
      const { ratio, rssMib } = await race(`${alias} ${way}, ${size} MiB`, theirs, args(), check, () => {
        for (const one of ['theirs', 'ours']) rmSync(name(one), { force: true });
      });
      rmSync(name('source'), { force: true });
      expect(rssMib).toBeLessThan(mostRssMib);
      expect(ratio).toBeGreaterThanOrEqual(wanted);
    },
  );
});

it.each(['down', 'up'] as const)('copies 10,000 small files %s as fast as scp -r', async (way) => {
  const many = join(way === 'down' ? place.there : place.here, 'many');
  for (let directory = 0; directory < 10; directory += 1) {
    mkdirSync(join(many, `d${directory}`), { recursive: true });
    for (let file = 0; file < filesEach; file += 1) someFile(join(many, `d${directory}`), `f${file}`, 1024);
  }
  const [theirs, ours] = ['theirs', 'ours'].map((one) => join(place.here, `${one}-many`)) as [string, string];
  const [from, to] = way === 'down' ? ['near1:', ''] : ['', 'near1:'];
  const { ratio } = await race(
    `small files ${way}`,
    () => run('scp', ['-q', '-r', '-F', config, `${from}${many}`, `${to}${theirs}`]),
    { from: `${from}${many}`, to: `${to}${ours}`, recursive: true },
    () => run('diff', ['-r', many, ours]),
    () => {
      for (const one of [theirs, ours]) rmSync(one, { recursive: true, force: true });
    },
  );
  expect(ratio).toBeGreaterThanOrEqual(1);
});

/** The two in turns, of which the first is not counted: medians. Ours by the built program, over a connection that is open. */
async function race(
  what: string,
  theirs: () => Promise<unknown>,
  args: object,
  check: () => unknown,
  clean: () => void,
): Promise<{ ratio: number; rssMib: number }> {
  const times: { theirs: number[]; ours: number[] } = { theirs: [], ours: [] };
  const server = await startServer(config, { SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: place.here });
  const scout = async () => {
    const answer = await server.callTool('scout_beam', args);
    expect(answer.isError ?? false, answer.content[0].text).toBe(false);
  };
  for (let turn = 0; turn <= runs; turn += 1) {
    for (const [who, work] of turn % 2
      ? Object.entries({ ours: scout, theirs })
      : Object.entries({ theirs, ours: scout })) {
      const startedMs = performance.now();
      await work();
      if (turn > 0) times[who as keyof typeof times].push(performance.now() - startedMs);
    }
    await check();
    clean();
  }
  const rssMib = mostResidentMib(server);
  await server.stop();
  const ratio = median(times.theirs) / median(times.ours);
  const rounded = (list: readonly number[]) => list.map(Math.round).join(' ');
  process.stderr.write(
    `${what}: ${ratio.toFixed(2)} ×, ${rssMib} MiB (theirs ${rounded(times.theirs)} ms, ours ${rounded(times.ours)} ms)\n`,
  );
  return { ratio, rssMib };
}

function sftp(alias: string, batch: string): Promise<void> {
  return run('sftp', ['-q', '-F', config, '-b', '-', alias], batch);
}

function mostResidentMib({ child }: RunningServer): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Run a program to its end; rejects where it fails. */
async function run(program: string, words: readonly string[], input = ''): Promise<void> {
  const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors.slice(-2_000)}`);
}
