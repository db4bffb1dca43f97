import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../fixtures/until.ts';
import { image } from './containers.ts';

/** A Docker engine of its own, in directories of its own. */
export interface Engine {
  /** For `makeStandIns`: the sessions of one sshd find the engine at /run/docker.sock. */
  readonly mounts: string;
  docker(...words: readonly string[]): string;
  stop(): Promise<void>;
}

/** Start an engine that has one image, `image`: BusyBox of this machine, and the libraries that it wants. */
export async function startEngine(): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-docker-'));
  const socket = join(directory, 'socket');
  const own = ['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')];
  const quiet = [
    '--bridge=none',
    '--iptables=false',
    '--ip-forward=false',
    '--pidfile',
    join(directory, 'pid'),
  ];
  const limits = ['--default-ulimit', 'nofile=1024:1024', '-H', `unix://${socket}`];
  const engine = spawn('/usr/sbin/dockerd', [...quiet, ...limits, ...own], { stdio: 'ignore' });
  const docker: Engine['docker'] = (...words) =>
    execFileSync('docker', ['-H', `unix://${socket}`, ...words], { encoding: 'utf8', stdio: 'pipe' });
  await until(() => {
    try {
      return docker('version') !== '';
    } catch {
      return false;
    }
  }, 30_000);
  const root = join(directory, 'root');
  const script = [
    'set -e; mkdir -p "$1/bin"; cp /bin/busybox "$1/bin/"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expansion of sh
    'for l in $(ldd /bin/busybox | grep -o "/[^ ]*"); do mkdir -p "$1${l%/*}"; cp -L "$l" "$1$l"; done',
    'for a in sh sleep dd false; do ln -s busybox "$1/bin/$a"; done; tar -C "$1" -cf "$1.tar" .',
  ];
  execFileSync('sh', ['-c', script.join('\n'), 'sh', root]);
  docker('import', `${root}.tar`, image);
  return {
    mounts: `mount -t tmpfs tmpfs /run && mkdir /run/sshd && ln -s '${socket}' /run/docker.sock`,
    docker,
    stop: async () => {
      const containers = docker('ps', '-aq').split('\n').filter(Boolean);
      if (containers.length > 0) docker('rm', '-f', ...containers);
      const ended = new Promise((resolve) => engine.once('exit', resolve));
      engine.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
