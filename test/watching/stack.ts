import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '../fixtures/until.ts';
import { prometheusFiles } from './committed.ts';

/** One series of an answer. */
export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Stack {
  /** The directory that node_exporter reads. */
  readonly textfiles: string;
  /** An instant query; throws where Prometheus does not accept it. */
  query(expression: string): Promise<Found[]>;
  /** Rules by name, with what went wrong at their last evaluation. */
  rules(): Promise<
    readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]
  >;
  stop(): Promise<void>;
}

/**
 * A real node_exporter and a real Prometheus that scrapes it every second, on ports of loopback. The committed rules run
 * every second as well; what waits for minutes in them waits for seconds.
 */
export async function startStack(directory: string): Promise<Stack> {
  const textfiles = join(directory, 'textfiles');
  mkdirSync(textfiles);
  const exporterPort = await freePort();
  const port = await freePort();
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, configuration(directory, exporterPort));
  const exporter = spawn(
    'prometheus-node-exporter',
    [
      `--web.listen-address=127.0.0.1:${exporterPort}`,
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${textfiles}`,
    ],
    { stdio: 'ignore' },
  );
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
    ],
    { stdio: 'ignore' },
  );
  const ask = async (path: string) => {
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    // what Prometheus documents; the callers say what it is
    const { data, error } = (await reply.json()) as { data: unknown; error?: string };
    if (!reply.ok) throw new Error(error);
    return data;
  };
  const query: Stack['query'] = async (expression) => {
    const data = await ask(`query?query=${encodeURIComponent(expression)}`);
    const { result } = data as { result: { metric: Record<string, string>; value: [number, string] }[] };
    return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  };
  const stop = async () => {
    await end(prometheus);
    await end(exporter);
  };
  try {
    await until(async () => (await query('up == 1').catch(() => [])).length === 1, 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    textfiles,
    query,
    rules: async () => {
      const { groups } = (await ask('rules')) as { groups: { rules: { name: string; health: string }[] }[] };
      return groups.flatMap(({ rules }) => rules);
    },
    stop,
  };
}

function configuration(directory: string, exporterPort: number): string {
  const files = ['recording.rules.yml', 'alerts.rules.yml'];
  for (const file of files) {
    cpSync(join(prometheusFiles, file), join(directory, file));
    const text = readFileSync(join(directory, file), 'utf8')
      .replaceAll('interval: 1m', 'interval: 1s')
      .replace('scout_metrics_timestamp_seconds > 120', 'scout_metrics_timestamp_seconds > 20')
      .replace(/for: \d+m/g, 'for: 2s');
    writeFileSync(join(directory, file), text);
  }
  return [
    'global: { scrape_interval: 1s, evaluation_interval: 1s }',
    `rule_files: [${files.join(', ')}]`,
    'scrape_configs:',
    `  - { job_name: node, static_configs: [{ targets: ["127.0.0.1:${exporterPort}"] }] }`,
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  await once(server, 'close');
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
