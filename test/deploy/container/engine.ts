import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../../fixtures/janitor.ts';
import { until } from '../../fixtures/until.ts';
import { run } from '../machine.ts';

/** A Docker engine in a network namespace and directories of its own. */
export interface Engine {
  /** For `ip netns exec`; the engine's containers reach the addresses of its loopback. */
  readonly namespace: string;
  /** DOCKER_HOST. */
  readonly host: string;
  docker(...words: readonly string[]): string;
  stop(): Promise<void>;
}

/** Start it; `addresses` are put on the loopback of its namespace. */
export async function startEngine(addresses: readonly string[]): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-engine-'));
  const namespace = `scout-engine-${process.pid}`;
  const remove = afterwards(`
    kill -KILL $(ip netns pids '${namespace}'); ip netns del '${namespace}'
    umount $(awk '$2 ~ "^${directory}/" { print $2 }' /proc/mounts | sort -r); rm -rf '${directory}'`);
  run('ip', ['netns', 'add', namespace]);
  run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
  for (const address of addresses) run('ip', ['-n', namespace, 'addr', 'add', `${address}/32`, 'dev', 'lo']);
  const host = `unix://${directory}/socket`;
  // not `ip netns exec`, which hides the control groups
  const engine = spawn(
    'nsenter',
    [
      ...[`--net=/run/netns/${namespace}`, 'dockerd', '-H', host, '--iptables=false', '--ip6tables=false'],
      ...['--bridge=none', '--default-ulimit', 'nofile=1024:1024', '--pidfile', join(directory, 'pid')],
      ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
    ],
    { stdio: 'ignore' },
  );
  const ended = once(engine, 'exit');
  const docker: Engine['docker'] = (...words) => run('docker', ['-H', host, ...words]);
  await until(() => {
    try {
      return docker('version') !== '';
    } catch {
      return false;
    }
  }, 60_000);
  return {
    namespace,
    host,
    docker,
    stop: async () => {
      const left = docker('ps', '-aq').split('\n').filter(Boolean);
      if (left.length > 0) docker('rm', '-f', ...left);
      engine.kill('SIGTERM');
      await ended;
      await remove();
    },
  };
}
