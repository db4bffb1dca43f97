import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
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
  readonly user?: 'root' | 'nobody';
  /** What stands for /bin/sh. */
  readonly sh?: string;
}

export const landlockCalls = [444, 445, 446];
/** seccomp(2); `prctl` is asked by its first argument. */
export const seccompCalls = [317];

/** Makes system calls unknown by a filter of its own, then becomes its other arguments. */
const forget = [
  'my ($calls, @rest) = @ARGV; my $p = "";',
  'sub i { $p .= pack "SCCL", @_ } i(0x20, 0, 0, 0);',
  'for (split /,/, $calls) { i(0x15, 0, 1, $_); i(6, 0, 0, 0x50026) }',
  // prctl(PR_SET_SECCOMP, …) once this filter stands
  'if ($calls =~ /317/) { i(0x15, 0, 3, 157); i(0x20, 0, 0, 16); i(0x15, 0, 1, 22); i(6, 0, 0, 0x50016); }',
  'i(6, 0, 0, 0x7fff0000); my $f = pack "Sx6P", length($p) / 8, $p;',
  'syscall(157, 38, 1, 0, 0, 0); syscall(157, 22, 2, $f) == 0 or die; exec @rest',
].join(' ');

/** A connection to this machine as if it were such a host. `directory` is for copies of programs. */
export function poorHost(
  directory: string,
  { without = [], broken = [], unknown = [], uname, user = 'root', sh = '/bin/sh' }: PoorHost,
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
  const hide = [
    ...(uname === undefined ? [] : [`mount --bind ${named} /usr/bin/uname`]),
    ...without.map((path) => `mount --bind /dev/null ${path}`),
    ...broken.map((path) => `mount --bind ${nothing} ${path}`),
    'exec "$@"',
  ].join(' && ');
  const wrapper = [
    ...['unshare', '-m', 'sh', '-c', hide, 'sh'],
    ...(user === 'nobody' ? [setpriv, '--reuid=65534', '--regid=65534', '--clear-groups'] : []),
    ...(unknown.length > 0 ? [perl, '-e', forget, unknown.join(',')] : []),
  ];
  return localConnection({ loginShell: sh, sh, wrapper });
}
