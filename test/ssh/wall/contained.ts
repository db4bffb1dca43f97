import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allProcesses } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';
import { type LocalConnection, localConnection } from '../shell/local-connection.ts';

/**
 * A machine inside of this one, for commands that would harm it: the whole file system as the lower layer of an
 * overlay whose upper one is memory, directories of its own in place of /tmp, /run and /dev/shm, its own processes, network,
 * host name and queues, no disk, no socket of the machine's, sysctls and sysfs read-only, and none of the
 * capabilities by which a machine is halted, its clock set or its kernel changed. Whatever gets through a wall is
 * found in `changes`, and goes with it.
 */
export interface Contained {
  /** Sessions on it, as root or with the ids of an account. */
  connection(ids: { readonly uid: number; readonly gid: number }): LocalConnection;
  /** Everything that was changed in its file system since it began, with content, mode, owner and times. */
  changes(): string;
  /** Tables of its kernel that are not the machine's: processes (names), sockets, queues, mounts and the host name. */
  state(): string;
  end(): void;
}

const dropped = [
  ...['sys_boot', 'sys_module', 'sys_time', 'sys_rawio', 'syslog', 'mknod', 'sys_resource', 'sys_pacct'],
  ...[
    'audit_control',
    'audit_write',
    'mac_admin',
    'mac_override',
    'wake_alarm',
    'block_suspend',
    'bpf',
    'perfmon',
  ],
];

/** Needs root. The keeper holds the layers and the namespaces; each session joins them. */
export async function contain(): Promise<Contained> {
  const top = mkdtempSync(join(tmpdir(), 'scout-contained-'));
  const keeper = spawn(
    'unshare',
    [
      '-m',
      '-n',
      '-u',
      '-i',
      '-p',
      '-f',
      '--kill-child',
      '--propagation',
      'private',
      'bash',
      '-ec',
      build,
      'bash',
      top,
    ],
    { stdio: ['pipe', 'ignore', 'inherit'], cwd: '/' },
  );
  let inside = 0;
  const isReady = () => {
    inside = allProcesses().find(({ parent }) => parent === keeper.pid)?.pid ?? 0;
    return inside > 0 && existsSync(`/proc/${inside}/root${top}/ready`);
  };
  await until(() => keeper.exitCode !== null || isReady(), 10_000);
  if (keeper.exitCode !== null) throw new Error('nothing was contained');
  const within = (script: string) =>
    execFileSync(
      'nsenter',
      ['-t', String(inside), '-m', '-n', '-u', '-i', '-p', 'bash', '-c', script, 'bash', top],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      },
    );
  return {
    connection: ({ uid, gid }) =>
      localConnection({
        loginShell: '/bin/sh',
        env: { HOME: '/srv/home' },
        wrapper: [
          ...['nsenter', '-t', String(inside), '-m', '-n', '-u', '-i', '-p'],
          ...['unshare', '-m', '--propagation', 'private', 'bash', '-ec', enter, 'bash', top],
          ...[
            'setpriv',
            `--bounding-set=-${dropped.join(',-')}`,
            `--reuid=${uid}`,
            `--regid=${gid}`,
            '--clear-groups',
          ],
        ],
      }),
    changes: () =>
      within(
        `cd "$1"; find layer own -printf '%p %y %s %m %U %G %T@ %C@ %n\\n' | sort; find layer own -type f -exec sha256sum {} + | sort`,
      ),
    state: () =>
      within(
        `ps -e -o args= | grep -v -e defunct -e '^ps ' -e '^grep ' -e '^bash -[ce]' | sort; cat /proc/net/tcp /proc/net/udp /proc/net/raw /proc/net/dev /proc/sysvipc/* /proc/self/mountinfo; hostname; ip -o addr; ls -A "$1"/own/shm`,
      ),
    end: () => end(keeper, top),
  };
}

function end(keeper: ChildProcess, top: string): void {
  keeper.kill('SIGKILL');
  rmSync(top, { recursive: true, force: true });
}

/** `$1` is made a tmpfs with the layers; it stays out of the sight of sessions. */
const build = `
mount -t tmpfs -o size=512m none "$1"
cd "$1"; mkdir layer work root own own/tmp own/run own/shm
chmod 1777 own/tmp own/shm
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/layer,workdir=$1/work" root
mkdir -p root/srv/home/.ssh root/srv/old; echo key >root/srv/home/.ssh/id_test; echo x >root/srv/home/f
chown -R 65534:65534 root/srv/home
mount --bind own/tmp root/tmp; mount --bind own/run root/run
mount -t tmpfs -o mode=755 none root/dev
for d in null zero full random urandom tty; do : >root/dev/$d; mount --bind /dev/$d root/dev/$d; done
mkdir root/dev/shm root/dev/pts; mount --bind own/shm root/dev/shm
ln -s /proc/self/fd root/dev/fd; ln -s fd/0 root/dev/stdin; ln -s fd/1 root/dev/stdout; ln -s fd/2 root/dev/stderr
mount -t proc proc root/proc; mount --bind root/proc/sys root/proc/sys; mount -o remount,bind,ro root/proc/sys
[ ! -e root/proc/sysrq-trigger ] || mount --bind /dev/null root/proc/sysrq-trigger
mount -t sysfs -o ro sysfs root/sys
mount -t proc proc /proc
echo >ready; exec cat
`;

/** The session's own copy of the mounts, with the overlay as its root. */
const enter = `
cd "$1/root"; shift; pivot_root . srv/old; cd /; umount -l /srv/old; exec "$@"
`;
