import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Place, Started } from '../contender.ts';

/** A new process and a new connection for every call, as `ssh HOST COMMAND` is. */
export const ssh: Contender = {
  name: 'ssh',
  isColdOnly: true,
  async start({ config }) {
    const words = ['-F', config, '-o', 'BatchMode=yes', '-o', 'ControlMaster=no'];
    let childCpuMs = 0;
    return {
      run: (host, command) => output('ssh', [...words, host, command]),
      async broadcast(hosts, command) {
        // a shell starts them all and says at the end what they took
        const each = hosts.map((host) => `ssh ${words.join(' ')} ${host} '${command}' &`);
        const said = await textOf('sh', ['-c', `${each.join('\n')}\nwait\ntimes`]);
        childCpuMs += cpuMs(said);
        return said.length;
      },
      childCpuMs: () => childCpuMs,
      stop: async () => {},
    };
  },
};

/** A new process for every call over a connection that is open: `ssh -S`. */
export const sshMaster: Contender = {
  name: 'ssh -S',
  isWarmOnly: true,
  async start(place) {
    const { words, stop } = await master(place);
    return { ...byMaster(words), stop };
  },
};

/** The same connection, by sftp(1) with a batch of one command. */
export const sftp: Contender = {
  name: 'sftp',
  isWarmOnly: true,
  async start(place) {
    const { words, stop } = await master(place);
    const batch = (host: string, line: string) => output('sftp', [...words, '-q', '-b', '-', host], line);
    return {
      run: byMaster(words).run,
      list: (host, path) => batch(host, `ls -la ${path}`),
      read: (host, path) => batch(host, `get ${path} ${join(place.local, 'read-by-sftp')}`),
      upload: (host, from, to) => batch(host, `put ${join(place.local, from)} ${to}`),
      download: (host, from, to) => batch(host, `get ${from} ${join(place.local, to)}`),
      stop,
    };
  },
};

function byMaster(words: readonly string[]): Omit<Started, 'stop'> {
  const run = (host: string, command: string) => output('ssh', [...words, host, command]);
  return {
    run,
    read: (host, path) => run(host, `cat ${path}`),
    list: (host, path) => run(host, `ls -la ${path}`),
  };
}

/** A master on the first host, and what makes ssh and sftp use it. */
async function master({ config, hosts }: Place): Promise<{ words: string[]; stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-master-'));
  const words = ['-F', config, '-o', `ControlPath=${join(directory, 'socket')}`];
  const [host = ''] = hosts;
  await output('ssh', [...words, '-o', 'ControlMaster=yes', '-o', 'ControlPersist=yes', host, 'true']);
  return {
    words,
    stop: async () => {
      await output('ssh', [...words, '-O', 'exit', host]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function output(program: string, words: readonly string[], input = ''): Promise<number> {
  return (await textOf(program, words, input)).length;
}

async function textOf(program: string, words: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin.on('error', () => {}); // it has ended: its status says why
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${errors.slice(0, 300)}`);
  return Buffer.concat(chunks).toString('latin1');
}

/** The last line of times(1p): what the children of a shell took, user and system, as `0m1.23s`. */
function cpuMs(said: string): number {
  const times = said.trimEnd().split('\n').at(-1) ?? '';
  const parts = [...times.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  );
}
