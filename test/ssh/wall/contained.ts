import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, descendants } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';
import { type LocalConnection, localConnection } from '../shell/local-connection.ts';

/**
 * A machine inside of this one, for commands that would harm it: the whole file system as the lower layer of an
 * overlay whose upper one is memory, directories of its own in place of /tmp, /run and /dev/shm, its own processes, network,
 * host name and queues with their sysctls, no disk, no socket of the machine's, all other sysctls and sysfs read-only,
 * and none of the capabilities by which a machine is halted, its clock set or its kernel changed. Whatever gets through
 * a wall is found in `changes` or `state`, and goes with it.
 */
export interface Contained {
  /** Sessions on it, as root or with the ids of an account. */
  connection(ids: { readonly uid: number; readonly gid: number }): LocalConnection;
  /** Everything that was changed in its file system since it began, with content, mode, owner and times. */
  changes(): string;
  /**
   * Tables of its kernel that are not the machine's: processes, sockets, packets, queues, mounts, names, interfaces, routes and
   * sysctls. Nothing that looks is in it, so that it is the same as long as nothing happens.
   */
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

/** Needs root. The keeper holds the layers, a second process the machine that is made of them; each session joins that. */
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
      ...['bash', '--norc', '-ec'], // it takes a socket as stdin for rshd, and would read ~/.bashrc
      build,
      'bash',
      top,
      enter,
    ],
    { stdio: ['pipe', 'ignore', 'inherit'], cwd: '/' },
  );
  let [layers, machine] = [0, 0];
  const isReady = () => {
    const inside = descendants(keeper.pid ?? 0).map(({ pid }) => pid);
    layers = inside.find((pid) => commandLine(pid) === 'cat') ?? 0;
    machine = inside.find((pid) => commandLine(pid) === 'sleep infinity') ?? 0;
    return layers > 0 && machine > 0 && inside.some((pid) => commandLine(pid) === 'sleep 86400');
  };
  await until(() => keeper.exitCode !== null || isReady(), 10_000);
  if (keeper.exitCode !== null) throw new Error('nothing was contained');
  // not as one of its own processes
  const within = (script: string) =>
    execFileSync(
      'nsenter',
      ['-t', String(layers), '-m', '-n', '-u', '-i', 'bash', '--norc', '-c', script, 'bash', top],
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
          ...['nsenter', '-t', String(machine), '-m', '-n', '-u', '-i', '-p'],
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
      [
        ...processesIn(`/proc/${layers}/root/proc`),
        readFileSync(`/proc/${machine}/mountinfo`, 'utf8'),
        within(tables),
      ].join('\n'),
    end: () => end(keeper, top),
  };
}

/** By number and name. What has ended and waits for a parent to ask is no process: nobody does, the first one is `cat`. */
function processesIn(proc: string): string[] {
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(join(proc, pid, 'stat'), 'utf8');
        if (/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))) return [];
        const words = readFileSync(join(proc, pid, 'cmdline'), 'utf8')
          .split('\0')
          .join(' ')
          .trim();
        return [`process ${pid} ${words || stat.slice(0, stat.lastIndexOf(')') + 1)}`];
      } catch {
        return []; // gone meanwhile
      }
    });
}

/** /proc is of processes to which the looking one does not belong: there is no `self`. */
const tables = `
for t in tcp tcp6 udp udp6 raw raw6 packet unix dev; do sed "s,^,$t ," /proc/1/net/$t; done
cat /proc/sysvipc/*; hostname; hostname -y 2>&1
ip -o addr; ip -o link; ip -o route show table all; ip -o neigh; ip rule
grep -rs "" /proc/sys/net /proc/sys/kernel/{shm*,msg*,sem,domainname} | sort
ls -A "$1"/own/shm
`;

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
mount -t proc proc /proc
mount --bind own/tmp root/tmp; mount --bind own/run root/run
mount -t tmpfs -o mode=755 none root/dev
for d in null zero full random urandom tty; do : >root/dev/$d; mount --bind /dev/$d root/dev/$d; done
mkdir root/dev/shm root/dev/pts; mount --bind own/shm root/dev/shm
ln -s /proc/self/fd root/dev/fd; ln -s fd/0 root/dev/stdin; ln -s fd/1 root/dev/stdout; ln -s fd/2 root/dev/stderr
mount -t proc proc root/proc; mount --bind root/proc/sys root/proc/sys; mount -o remount,bind,ro root/proc/sys
for f in net kernel/{hostname,domainname,sem,shmmax,shmall,shmmni,msgmax,msgmnb,msgmni}; do mount --bind /proc/sys/$f root/proc/sys/$f; done
[ ! -e root/proc/sysrq-trigger ] || mount --bind /dev/null root/proc/sysrq-trigger
mount -t sysfs -o ro sysfs root/sys
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set lo up; ip link add eth0 type veth peer name eth1; ip link set eth1 up; ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up
unshare -m --propagation private bash --norc -ec "$2" bash "$1" &
exec cat
`;

/**
 * A copy of the mounts with the overlay as its root. They are shared, as they are where systemd has made them. One
 * process is there to be harmed by an account.
 */
const enter = `
cd "$1/root"; pivot_root . srv/old; cd /; umount -l /srv/old; mount --make-rshared /
setpriv --reuid=65534 --regid=65534 --clear-groups sleep 86400 &
exec sleep infinity
`;
