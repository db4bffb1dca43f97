import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../../fixtures/janitor.ts';
import { killNow } from '../../fixtures/processes.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Something of an account's to do harm to: files, a process, a UNIX socket and a TCP port. */
export interface Scene {
  readonly directory: string;
  /** What runs `hostile.c` here. */
  readonly hostile: string;
  readonly victim: number;
  readonly unixSocket: string;
  readonly port: number;
  /** Connections and datagrams that came in. */
  readonly visits: () => number;
  /** Files with content and every fact of theirs, the process, the mounts, the machine's name. */
  snapshot(): string;
  end(): Promise<void>;
}

const files = ['f', 't1', 't2', 'u', 'r', 'r3', 'x1', 'x2'];

export async function setScene({ uid, gid }: Account): Promise<Scene> {
  const top = mkdtempSync(join(tmpdir(), 'scout-scene-'));
  chmodSync(top, 0o755);
  const directory = join(top, 'scratch');
  const own = (path: string) => chownSync(path, uid, gid);
  for (const path of [directory, join(directory, 'd'), join(directory, 'e')]) {
    mkdirSync(path);
    own(path);
  }
  for (const name of files) {
    writeFileSync(join(directory, name), `${name} as it was`);
    own(join(directory, name));
  }
  const hostile = join(top, 'hostile');
  copyFileSync(compiled(), hostile);
  chmodSync(hostile, 0o755);
  // not a child of ours that becomes a zombie: `sleep` under a shell that waits
  const victim = spawn('sleep', ['1000'], { cwd: directory, uid, gid, stdio: 'ignore', detached: true });
  let visits = 0;
  const visit = (socket: Socket) => {
    visits += 1;
    socket.destroy();
  };
  const unixSocket = join(top, 'socket');
  const servers: Server[] = [createServer(visit), createServer(visit)];
  await Promise.all([listen(servers[0], unixSocket), listen(servers[1], { port: 0, host: '127.0.0.1' })]);
  chmodSync(unixSocket, 0o777);
  const address = servers[1]?.address();
  if (typeof address !== 'object' || !address || victim.pid === undefined) throw new Error('no scene');
  const pid = victim.pid;
  return {
    directory,
    hostile,
    victim: pid,
    unixSocket,
    port: address.port,
    visits: () => visits,
    snapshot: () => [...tree(top), ...machine(pid)].join('\n'),
    async end() {
      killNow(pid);
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(top, { recursive: true, force: true });
    },
  };
}

/** The mounts of the machine, but for those that other tests make and remove meanwhile, each in a directory of its own. */
export function mountsHere(): string {
  const lines = readFileSync('/proc/1/mountinfo', 'utf8').split('\n');
  return lines.filter((line) => !line.split(' ')[4]?.startsWith(join(tmpdir(), 'scout-'))).join('\n');
}

let binary: string | undefined;

/** Compiled once in a test process, and removed with it. */
function compiled(): string {
  if (binary === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'scout-hostile-'));
    afterwards(`rm -rf '${directory}'`);
    binary = join(directory, 'hostile');
    execFileSync('gcc', ['-O0', '-o', binary, join(import.meta.dirname, 'hostile.c')]);
  }
  return binary;
}

function tree(path: string): string[] {
  const { mode, uid, gid, size, mtimeMs, ctimeMs, nlink, ino } = lstatSync(path);
  const facts = [path, mode, uid, gid, size, mtimeMs, ctimeMs, nlink, ino].join(' ');
  const kind = mode & 0o170000;
  if (kind === 0o040000)
    return [
      facts,
      ...readdirSync(path)
        .sort()
        .flatMap((name) => tree(join(path, name))),
    ];
  if (kind === 0o120000) return [`${facts} ${readlinkSync(path)}`];
  if (kind !== 0o100000) return [facts];
  return [`${facts} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`];
}

function machine(victim: number): string[] {
  const status = readFileSync(`/proc/${victim}/status`, 'utf8').split('\n');
  const stat = readFileSync(`/proc/${victim}/stat`, 'utf8').split(' ');
  return [
    ...status.filter((line) => /^(Uid|Gid|SigPnd|ShdPnd|TracerPid|Cpus_allowed):/.test(line)),
    `nice ${stat[18]}, policy ${stat[40]}`,
    readFileSync(`/proc/${victim}/limits`, 'utf8'),
    readFileSync(`/proc/${victim}/oom_score_adj`, 'utf8'),
    mountsHere(),
    readFileSync('/proc/sys/kernel/hostname', 'utf8'),
    ...['shm', 'msg', 'sem']
      .map((name) => readFileSync(`/proc/sysvipc/${name}`, 'utf8').split('\n').length)
      .map(String),
    readdirSync('/dev/shm')
      .filter((name) => name.includes('hostile'))
      .join(' '),
    readdirSync('/tmp')
      .filter((name) => name.startsWith('scout-hostile-new'))
      .join(' '),
  ];
}

async function listen(
  server: Server | undefined,
  where: string | { port: number; host: string },
): Promise<void> {
  await new Promise<void>((resolve) => server?.listen(where, resolve));
}
