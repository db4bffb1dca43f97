import type { Program } from '../grammar.ts';
import { Refused } from '../refusal.ts';
import { bytes } from './bytes.ts';
import { compressed } from './compressed.ts';
import { docker } from './docker.ts';
import { find } from './find.ts';
import { getent } from './getent.ts';
import { ip } from './ip.ts';
import { jq } from './jq.ts';
import { lists } from './lists.ts';
import { lsof } from './lsof.ts';
import { mountLists } from './mounts.ts';
import { names } from './names.ts';
import { packages } from './packages.ts';
import { prints } from './prints.ts';
import { ps } from './ps.ts';
import { reads } from './reads.ts';
import { searches } from './searches.ts';
import { sessions } from './sessions.ts';
import { ss } from './ss.ts';
import { system } from './system.ts';
import { systemd } from './systemd.ts';
import { tests } from './test.ts';
import { texts } from './texts.ts';
import { zfs } from './zfs.ts';

const families: readonly (readonly Program[])[] = [
  prints,
  tests,
  searches,
  [find],
  lists,
  reads,
  system,
  [ps],
  texts,
  bytes,
  names,
  sessions,
  [jq],
  compressed,
  [ss, ip, lsof, getent],
  mountLists,
  systemd,
  [docker],
  zfs,
  packages,
];

/** Every program that may run, by its name. */
export const programs: ReadonlyMap<string, Program> = new Map(
  families.flat().map((program) => [program.name, program]),
);

const shells = ['it runs any program', 'the programs themselves, one by one'] as const;
const writers = ['it changes files', 'a command that only looks'] as const;
const pagers = ['it waits for a person', 'cat, head or tail'] as const;
const endless = ['it never ends', 'one look now: ps aux --sort=-%cpu | head -20, uptime'] as const;

/** What is said of programs that people do ask for; all others are refused as well. */
const absent: Readonly<Record<string, readonly [reason: string, instead: string]>> = {
  cd: ['a call has one working directory', 'the argument cwd of this call; or absolute paths'],
  sudo: ['nothing is run as another user', 'the command without sudo'],
  su: ['nothing is run as another user', 'the command without su'],
  sh: shells,
  bash: shells,
  dash: shells,
  zsh: shells,
  busybox: shells,
  eval: shells,
  exec: shells,
  command: shells,
  env: ['it prints secrets and runs any program', 'the program itself'],
  xargs: ['it runs any program', 'a pattern such as /var/log/*.log, or grep -r'],
  awk: ['its language writes files and runs programs', 'grep -o, sort, uniq, head and tail'],
  perl: shells,
  python: shells,
  python3: shells,
  rm: writers,
  mv: writers,
  cp: writers,
  tee: writers,
  touch: writers,
  mkdir: writers,
  chmod: writers,
  chown: writers,
  dd: writers,
  less: pagers,
  more: pagers,
  man: pagers,
  vi: pagers,
  vim: pagers,
  nano: pagers,
  top: endless,
  htop: endless,
  watch: endless,
  yes: endless,
  egrep: ['it is not the same on all systems', 'grep -E'],
  fgrep: ['it is not the same on all systems', 'grep -F'],
  curl: ['nothing is sent to other machines', 'a command that looks at this machine'],
  wget: ['nothing is sent to other machines', 'a command that looks at this machine'],
  git: ['its options and settings run programs and write files', 'cat and ls'],
};

/** The refusal of a program that is not in the table. */
export function unknownProgram(source: string, name: string): Refused {
  const known = absent[name];
  if (known) return new Refused(source, `${name}: ${known[0]}`, known[1]);
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base !== name && programs.has(base)) {
    return new Refused(source, 'programs are found by their name only', base);
  }
  const all = [...programs.keys()].join(' ');
  return new Refused(source, 'this program is not among those known to be harmless', `one of: ${all}`);
}
