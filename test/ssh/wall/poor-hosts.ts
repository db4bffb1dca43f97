import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalConnection, localConnection } from '../shell/local-connection.ts';

/** What a host lacks, and who logs in. */
export interface PoorHost {
  /** Programs that are not there, by their absolute path. */
  readonly without?: readonly string[];
  /** Programs that are there and do nothing but end with status 0. */
  readonly broken?: readonly string[];
  /** What uname(1) says instead. */
  readonly uname?: string;
  /** x86_64 numbers of system calls that the kernel does not know; `prctl(PR_SET_SECCOMP)` goes by 22. */
  readonly unknown?: readonly number[];
  /** It is a container with what Docker gives one: no namespaces, no mounts, few capabilities. */
  readonly isContainer?: boolean;
  /** Nothing is there but BusyBox. */
  readonly isBusyBox?: boolean;
  readonly user?: 'root' | 'nobody';
  /** What stands for /bin/sh. */
  readonly sh?: string;
}

export const landlockCalls = [444, 445, 446];
/** seccomp(2); `prctl` is asked by its first argument. */
export const seccompCalls = [317];

/** unshare, mount, setns; what `clone` may not do is not asked for by any builder. */
const namespaceCalls = [272, 165, 308];
const containerCapabilities = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'net_bind_service'],
  ...['net_raw', 'sys_chroot', 'mknod', 'audit_write', 'setfcap'],
];

/** Makes system calls fail with an errno by a filter of its own, then becomes its other arguments. */
const forget = [
  'my ($calls, $errno, @rest) = @ARGV; my $p = "";',
  'sub i { $p .= pack "SCCL", @_ } i(0x20, 0, 0, 0);',
  'for (split /,/, $calls) { i(0x15, 0, 1, $_); i(6, 0, 0, 0x50000 + $errno) }',
  // prctl(PR_SET_SECCOMP, …) once this filter stands
  'if ($calls =~ /317/) { i(0x15, 0, 3, 157); i(0x20, 0, 0, 16); i(0x15, 0, 1, 22); i(6, 0, 0, 0x50016); }',
  'i(6, 0, 0, 0x7fff0000); my $f = pack "Sx6P", length($p) / 8, $p;',
  'syscall(157, 38, 1, 0, 0, 0); syscall(157, 22, 2, $f) == 0 or die; exec @rest',
].join(' ');

/** A connection to this machine as if it were such a host. `directory` is for copies of programs. */
export function poorHost(
  directory: string,
  {
    without = [],
    broken = [],
    unknown = [],
    isContainer = false,
    isBusyBox = false,
    uname,
    user = 'root',
    sh = '/bin/sh',
  }: PoorHost,
): LocalConnection {
  const perl = join(directory, 'own-perl');
  const setpriv = join(directory, 'own-setpriv');
  copyFileSync('/usr/bin/perl', perl);
  copyFileSync('/usr/bin/setpriv', setpriv);
  const nothing = join(directory, 'nothing');
  writeFileSync(nothing, '#!/bin/sh\nexit 0\n');
  for (const path of [perl, setpriv, nothing]) chmodSync(path, 0o755);
  const named = join(directory, 'uname');
  writeFileSync(named, `#!/bin/sh\necho ${uname}\n`);
  chmodSync(named, 0o755);
  const top = join(directory, 'busybox-root');
  if (isBusyBox) plantBusyBox(top);
  const hide = [
    ...(isBusyBox ? ['dev', 'proc'].map((name) => `mount --bind /${name} ${top}/${name}`) : []),
    ...(uname === undefined ? [] : [`mount --bind ${named} /usr/bin/uname`]),
    ...without.map((path) => `mount --bind /dev/null ${path}`),
    ...broken.map((path) => `mount --bind ${nothing} ${path}`),
    'exec "$@"',
  ].join(' && ');
  const wrapper = [
    ...['unshare', '-m', 'sh', '-c', hide, 'sh'],
    ...(isContainer ? [setpriv, `--bounding-set=-all,+${containerCapabilities.join(',+')}`] : []),
    ...(user === 'nobody' && !isBusyBox ? [setpriv, '--reuid=65534', '--regid=65534', '--clear-groups'] : []),
    ...(isContainer ? [perl, '-e', forget, namespaceCalls.join(','), '1'] : []),
    ...(unknown.length > 0 ? [perl, '-e', forget, unknown.join(','), '38'] : []),
    ...(isBusyBox
      ? ['chroot', ...(user === 'nobody' ? ['--userspec=65534:65534', '--groups='] : []), top]
      : []),
  ];
  return localConnection({ loginShell: sh, sh, wrapper });
}

/** A root directory with the program, what it is linked with, and its name for every applet. */
function plantBusyBox(top: string): void {
  if (existsSync(top)) return;
  for (const name of ['bin', 'dev', 'etc', 'proc', 'tmp']) mkdirSync(join(top, name), { recursive: true });
  chmodSync(join(top, 'tmp'), 0o1777);
  symlinkSync('.', join(top, 'usr'));
  const linked = execFileSync('ldd', ['/bin/busybox'], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const path of ['/bin/busybox', '/etc/passwd', ...linked])
    cpSync(path, join(top, path), { dereference: true });
  writeFileSync(join(top, 'etc/hostname'), 'busybox\n');
  execFileSync('/bin/busybox', ['--install', '-s', join(top, 'bin')]);
}
