import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { until } from '../fixtures/until.ts';
import { composeFile, containerArguments, image } from './containers.ts';
import { dockerFacts } from './docker-facts.ts';

/** A Docker engine of its own, in directories of its own, which the sessions of one sshd find at /run/docker.sock. */
let directory: string;
let engine: ReturnType<typeof spawn>;
let standIns: StandIns;
let sshd: Sshd;
let scout: TestScout;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-docker-'));
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
  engine = spawn('/usr/sbin/dockerd', [...quiet, ...limits, ...own], { stdio: 'ignore' });
  const docker = (...words: readonly string[]) =>
    execFileSync('docker', ['-H', `unix://${socket}`, ...words], { encoding: 'utf8', stdio: 'pipe' });
  await until(() => {
    try {
      return docker('version') !== '';
    } catch {
      return false;
    }
  }, 30_000);
  importImage(docker);
  const project = join(directory, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'compose.yaml'), composeFile);
  for (const [name, words] of Object.entries(containerArguments(project))) {
    docker('run', '-d', '--name', name, '--network', 'none', ...words);
  }
  await until(() => docker('ps', '-a', '--filter', 'health=unhealthy', '-q') !== '', 20_000);
  await until(
    () => docker('inspect', '-f', '{{.RestartCount}} {{.State.Status}}', 'failed').startsWith('2 exited'),
    20_000,
  );
  standIns = makeStandIns(
    `mount -t tmpfs tmpfs /run && mkdir /run/sshd && ln -s '${socket}' /run/docker.sock`,
  );
  sshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(sshd.writeConfig('web1'));
}, 120_000);

afterAll(async () => {
  await scout?.close();
  await sshd?.stop();
  standIns?.remove();
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGTERM');
  await ended;
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

/** BusyBox of this machine, and the libraries that it wants. */
function importImage(docker: (...words: readonly string[]) => string): void {
  const root = join(directory, 'root');
  const script = [
    'set -e; mkdir -p "$1/bin"; cp /bin/busybox "$1/bin/"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expansion of sh
    'for l in $(ldd /bin/busybox | grep -o "/[^ ]*"); do mkdir -p "$1${l%/*}"; cp -L "$l" "$1$l"; done',
    'for a in sh sleep dd false; do ln -s busybox "$1/bin/$a"; done; tar -C "$1" -cf "$1.tar" .',
  ];
  execFileSync('sh', ['-c', script.join('\n'), 'sh', root]);
  docker('import', `${root}.tar`, image);
}

describe('with a real engine, scout_inspect', () => {
  dockerFacts(
    () => scout,
    () => join(directory, 'project'),
  );
});
