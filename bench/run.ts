// What scout costs beside others that do the same work: see README.md here. `npm run bench -- --help`.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from './bounds.ts';
import type { Contender } from './contender.ts';
import { sftp, ssh, sshMaster } from './contenders/openssh.ts';
import { peers } from './contenders/peers.ts';
import { rawSsh2 } from './contenders/raw-ssh2.ts';
import { scout } from './contenders/scout.ts';
import { installPeers, measureInstall } from './install.ts';
import { type Options, readOptions, usage } from './options.ts';
import { startRange } from './place.ts';
import { rows } from './rows.ts';
import { formatTable, type Line, summary } from './table.ts';
import { serveWire, wireFlag } from './wire-apart.ts';

const fewestRuns = 3;
const words = process.argv.slice(2);
if (words[0] === wireFlag) await serveWire(words.slice(1));
else if (words.includes('--help')) print(usage);
else await bench(readOptions(words));

async function bench(options: Options): Promise<void> {
  const own = options.peers === undefined ? mkdtempSync(join(tmpdir(), 'bench-peers-')) : undefined;
  try {
    if (own !== undefined) await installPeers(own);
    const directory = options.peers === null ? undefined : (options.peers ?? own);
    const others = directory === undefined ? [] : peers.map((peer) => peer.contender(directory));
    const contenders = [scout(options.settings), rawSsh2, sshMaster, ssh, sftp, ...others];
    const lines = [...(await compare(contenders, options)), ...(await installs(options))];
    print(machine(options));
    print(
      formatTable(
        lines,
        contenders.map(({ name }) => name),
      ),
    );
    print(judge(lines).join('\n'));
  } finally {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  }
}

async function compare(contenders: readonly Contender[], options: Options): Promise<readonly Line[]> {
  const wanted = rows.filter(({ group, name }) => options.rows.test(`${group} ${name}`));
  if (wanted.length === 0) return [];
  const range = await startRange();
  try {
    const lines: Line[] = [];
    for (const { name: work, unit, share, measure } of wanted) {
      const runs = Math.max(fewestRuns, Math.round(options.runs * share));
      const line = { work, unit, runs, taken: await measure(contenders, range, runs) };
      process.stderr.write(`${summary(line)}\n`); // for who waits, and for what is broken off
      lines.push(line);
    }
    return lines;
  } finally {
    await range.stop();
  }
}

async function installs(options: Options): Promise<readonly Line[]> {
  if (options.peers === null || !options.rows.test('install')) return [];
  process.stderr.write('install\n');
  const { ms, packedBytes, installedBytes, packages } = await measureInstall(fewestRuns);
  const sizes = (of: ReadonlyMap<string, number>, unit: number) =>
    new Map([...of].map(([name, value]) => [name, [value / unit]] as const));
  return [
    { work: 'install by npm, all in its cache', unit: 'ms', runs: fewestRuns, taken: ms },
    { work: 'package, packed', unit: 'KiB', runs: 1, taken: sizes(packedBytes, 1024) },
    { work: 'installed', unit: 'MiB', runs: 1, taken: sizes(installedBytes, 1024 ** 2) },
    { work: 'packages installed', unit: '', runs: 1, taken: sizes(packages, 1) },
  ];
}

function machine({ settings }: Options): string {
  const [cpu] = cpus();
  const set = Object.entries(settings).map(([name, value]) => `, ${name}=${value}`);
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}${set.join('')}\n`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
