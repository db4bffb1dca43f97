import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { debianProgram } from '../../fixtures/debian-program.ts';
import { type RunningServer, startServer } from '../../fixtures/server.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { readExposition } from './exposition.ts';

/** Two servers write, Prometheus' own programs read. It waits for the 15 s of the file. */

let directory: string;
let files: string;
let sshd: Sshd;
let promtool: string;
const servers: RunningServer[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-prometheus-'));
  files = join(directory, 'textfile');
  mkdirSync(files);
  promtool = debianProgram('promtool', 'prometheus', directory);
  sshd = await startSshd();
  const config = sshd.writeConfig('web1', sshd.configFor('off1', { Port: '1' }));
  for (let count = 0; count < 2; count += 1) {
    const server = await startServer(config, { SCOUT_METRICS_FILE: join(files, 'scout-%p.prom') });
    servers.push(server);
    await server.callTool('scout_query', { hosts: '*', command: 'uname' });
    await server.callTool('scout_query', { hosts: 'web1', command: 'rm x' });
  }
  await until(() => written().length === 2, 25_000);
}, 180_000);
afterAll(async () => {
  for (const server of servers) await server.stop();
  await sshd.stop();
  rmSync(directory, { recursive: true, force: true });
});

function written(): string[] {
  return readdirSync(files).filter((name) => name.endsWith('.prom'));
}

const pids = () => servers.map(({ child }) => String(child.pid)).toSorted();

it('promtool has nothing against what is written, and would have', () => {
  const check = (input: string) => {
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}` };
  };
  for (const name of written()) {
    const text = readFileSync(join(files, name), 'utf8');
    expect(check(text)).toEqual({ status: 0, said: '' });
    expect(check(text.replaceAll('scout_calls_total', 'scout_calls')).said).toMatch(/_total/);
  }
});

it('A file is rewritten while its process lives', async () => {
  const path = join(files, written()[0] ?? '');
  const stamp = () =>
    readExposition(readFileSync(path, 'utf8')).value('scout_metrics_timestamp_seconds') ?? 0;
  const [inode, first] = [statSync(path).ino, stamp()];
  await until(() => statSync(path).ino !== inode, 25_000);
  expect(stamp() - first).toBeGreaterThan(13);
  expect(stamp() - first).toBeLessThan(25);
});

it('node_exporter serves the files of both processes, and says no error', async () => {
  const exporter = debianProgram('prometheus-node-exporter', 'prometheus-node-exporter', directory);
  const port = await freePort();
  const args = [
    `--web.listen-address=127.0.0.1:${port}`,
    '--collector.disable-defaults',
    '--collector.textfile',
    `--collector.textfile.directory=${files}`,
  ];
  const process: ChildProcess = spawn(exporter, args, { stdio: 'ignore' });
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  try {
    await until(async () => (await scrape().catch(() => '')) !== '');
    const text = await scrape();
    expect(text).toMatch(/^node_textfile_scrape_error 0$/m);
    const calls = [...text.matchAll(/^scout_calls_total\{.*pid="(\d+)"\} 2$/gm)].map(([, pid]) => pid);
    expect(calls.toSorted()).toEqual(pids());
  } finally {
    process.kill();
  }
});

it('A server that ends takes its file away', async () => {
  const [first] = servers;
  await first?.stop();
  expect(written()).toEqual([`scout-${servers[1]?.child.pid}.prom`]);
  expect(readdirSync(files)).toHaveLength(1);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  await new Promise((resolve) => server.close(resolve));
  return port;
}
