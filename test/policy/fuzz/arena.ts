import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import type { Connection, ExecChannel, Exit } from '../../../src/ssh/engine.ts';
import type { ShellWorker } from '../../../src/ssh/shell/shell-worker.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { Collect } from '../../ssh/shell/collect.ts';
import { plantCanaries } from './canary-tree.ts';
import { differences, type Snapshot, snapshotOf } from './snapshot.ts';

/** What stands for /bin/sh on the machine, and whether BusyBox's applets come first in PATH. */
export interface Place {
  readonly sh: 'dash' | 'bash' | 'busybox';
  readonly tools: 'GNU' | 'BusyBox';
}

export const places: readonly Place[] = [
  { sh: 'dash', tools: 'GNU' },
  { sh: 'bash', tools: 'GNU' },
  { sh: 'busybox', tools: 'GNU' },
  { sh: 'busybox', tools: 'BusyBox' },
];

/** A throw-away account behind a real sshd of its own, whose commands the shell worker runs. */
export interface Arena {
  /** Where the canaries are: the commands' working directory. */
  readonly tree: string;
  /** Run each, whatever comes of it; none for longer than some seconds. Answers how many were stopped. */
  run(commands: readonly string[]): Promise<number>;
  /** What one command prints. */
  output(command: string): Promise<string>;
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** The longest that one command may take: what waits for nothing is not what is looked for here. */
const limitMs = 4_000;
const mostBytes = 1 << 19;

/** Needs root: sshd gets a mount namespace in which another shell is /bin/sh. */
export async function openArena({ sh, tools }: Place): Promise<Arena> {
  const user = await makeUser({ shell: 'bash' });
  const tree = join(user.home, 'tree');
  mkdirSync(tree);
  plantCanaries(tree, user);
  plantCanaries(user.home, user);
  const sshd = await startSshd({ wrapper: namespaced(sh, tools), sftp: false });
  const connection = sshConnection(sshd, user);
  const workers: (ShellWorker | undefined)[] = [undefined, undefined];
  const { signal } = new AbortController();
  return {
    tree,
    run: async (commands) => {
      const queue = [...commands];
      let stopped = 0;
      const work = async (slot: number) => {
        for (let command = queue.shift(); command !== undefined; command = queue.shift()) {
          const worker =
            workers[slot] ??
            (await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() }));
          workers[slot] = worker;
          if (await runOne(worker, command, tree)) continue;
          stopped++;
          workers[slot] = undefined;
          worker.close();
          await worker.gone;
        }
      };
      await Promise.all(workers.map((_, slot) => work(slot)));
      return stopped;
    },
    output: async (command) => {
      const worker = await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() });
      const sink = new Collect();
      await worker.run({ command, cwd: tree, sink, signal });
      worker.close();
      await worker.gone;
      return sink.out + sink.err;
    },
    snapshot: () =>
      snapshotOf(user.uid, [user.home], /^sshd: |^\S*sh -c while IFS= read -r l; do eval "\$l"; done/),
    close: async () => {
      for (const worker of workers) worker?.close();
      await sshd.stop();
      await user.remove();
    },
  };
}

/**
 * Run the commands in batches. Where one leaves a difference, each command of its batch is run again by
 * itself; answers those that make one with what they change, or undefined. A first run may have used the change up
 * (a file is made only once): then the whole batch is named.
 */
export async function findChange(
  arena: Arena,
  commands: readonly string[],
  batchSize = 50,
): Promise<string | undefined> {
  let before = await arena.snapshot();
  for (let at = 0; at < commands.length; at += batchSize) {
    const batch = commands.slice(at, at + batchSize);
    await arena.run(batch);
    const after = await settled(arena, before);
    const found = differences(before, after);
    if (found.length === 0) {
      before = after;
      continue;
    }
    const guilty: string[] = [];
    for (const command of batch.length > 1 ? batch : []) {
      const start = await arena.snapshot();
      await arena.run([command]);
      const own = differences(start, await settled(arena, start));
      if (own.length > 0) guilty.push(`${command}\n  ${own.join('\n  ')}`);
    }
    return `${found.join('\n')}\nby one of: ${guilty.length > 0 ? guilty.join('\n') : batch.join('\n')}`;
  }
  return undefined;
}

/** Processes that end by themselves may take a moment. */
async function settled(arena: Arena, before: Snapshot): Promise<Snapshot> {
  for (let times = 0; ; times++) {
    const now = await arena.snapshot();
    const onlyProcesses = differences(before, now).every((line) => /^(?:process|socket) /.test(line));
    if (differences(before, now).length === 0 || !onlyProcesses || times === 8) return now;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** Whether it came to its end. */
async function runOne(worker: ShellWorker, command: string, cwd: string): Promise<boolean> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('too long')), limitMs);
  try {
    const end = await worker.run({ command, cwd, sink: new Collect(mostBytes), signal: limit.signal });
    return 'exitCode' in end;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Becomes sshd in a mount namespace of its own. A mount on /bin/sh covers the file that the link leads to. */
function namespaced(sh: Place['sh'], tools: Place['tools']): readonly string[] {
  const script = [
    'mount -t tmpfs none /var/lib/apt/lists', // in a container apt reads all lists anew for each command
    ...(sh === 'dash' ? [] : [`mount --bind /bin/${sh} /bin/sh`]),
    ...(tools === 'GNU'
      ? []
      : [
          'mount -t tmpfs none /usr/local/bin',
          '/bin/busybox --install -s /usr/local/bin',
          'rm /usr/local/bin/sh',
        ]),
    'exec "$@"',
  ];
  return ['unshare', '-m', '--propagation', 'private', '/bin/bash', '-ec', script.join('; '), 'bash'];
}

/** Session channels by the installed ssh, one process each. */
function sshConnection(sshd: Sshd, user: TestUser): Connection {
  const config = sshd.writeConfig(sshd.configFor('arena', { User: user.name }));
  return {
    engine: 'openssh',
    roundTripMs: 0,
    isOpen: true,
    gone: new Promise(() => {}),
    exec: (command) => {
      const child = spawn('ssh', ['-T', '-F', config, 'arena', command], { stdio: 'pipe' });
      child.stdin.on('error', () => {});
      const closed = new Promise<Exit>((resolve) =>
        child.on('close', (code) => resolve({ code: code ?? 255 })),
      );
      const channel: ExecChannel = {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        closed,
        signal: () => {},
        close: () => void child.kill(),
      };
      return Promise.resolve(channel);
    },
    sftp: () => Promise.reject(new Error('no SFTP here')),
    forward: () => Promise.reject(new Error('no forwarding here')),
    end() {},
  };
}
