import type { Program, Token } from '../grammar.ts';
import { program } from '../options.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

const resolves = ['it asks name servers', '`last`, `who`: names and addresses as they were noted'] as const;
const repeats = ['it goes on until it is stopped', '`free -m` now, and again later'] as const;
const environments = [
  'it looks into environments, which hold secrets',
  'pgrep -a NAME, pgrep -f PATTERN',
] as const;

/** Programs that say who and what is there: whoami(1), who(1), last(1), nproc(1), free(1), pgrep(1), printenv(1). */
export const sessions: readonly Program[] = [
  program('whoami', {
    options: `
      --help
      --version`,
    operands: '',
  }),
  program('who', {
    options: `
      -a --all
      -b --boot
      -d --dead
      -H --heading
      --ips
      -l --login
      -m
      -p --process
      -q --count
      -r --runlevel
      -s --short
      -t --time
      -T -w --mesg --message --writable
      -u --users
      --help
      --version`,
    // A file named there is read in place of the list of sessions.
    operands: '',
    refused: { '--lookup': resolves },
  }),
  program('last', {
    // -s, -t and -p take other values on BSD, or none: the long form is printed.
    options: `
      -a --hostlast
      -f --file=FILE
      -F --fulltimes
      -n --limit=NUMBER
      --present=TEXT -p
      -R --nohostname
      --since=TEXT -s
      --until=TEXT -t
      --time-format=notime|short|full|iso
      -w --fullnames
      -x --system
      -h --help
      -V --version`,
    number: '-n',
    operands: 'WORD*',
    refused: { '-d': resolves, '--dns': resolves, '-i': resolves, '--ip': resolves },
  }),
  program('nproc', {
    options: `
      --all
      --ignore=NUMBER
      --help
      --version`,
    operands: '',
  }),
  program('free', {
    options: `
      -b --bytes
      -k --kibi
      -m --mebi
      -g --gibi
      --kilo
      --mega
      --giga
      --tebi
      --tera
      -h --human
      --si
      -l --lohi
      -L --line
      -t --total
      -v --committed
      -w --wide
      --help
      -V --version`,
    operands: '',
    refused: { '-s': repeats, '--seconds': repeats, '-c': repeats, '--count': repeats },
  }),
  program('pgrep', {
    // -c takes a value on BSD: the long form is printed.
    options: `
      -a --list-full
      --count -c
      -d --delimiter=TEXT
      -f --full
      -F --pidfile=FILE
      -g --pgroup=LIST
      -G --group=LIST
      -i --ignore-case
      -l --list-name
      -n --newest
      -o --oldest
      -P --parent=LIST
      -s --session=LIST
      -t --terminal=LIST
      -u --euid=LIST
      -U --uid=LIST
      -v --inverse
      -x --exact
      --older=NUMBER
      --runstates=WORD
      -h --help
      -V --version`,
    operands: 'PATTERN?',
    refused: {
      '--env': environments,
      '-L': ['it asks for a lock', 'pgrep -F FILE'],
      '--logpidfile': ['it asks for a lock', 'pgrep -F FILE'],
    },
  }),
  { name: 'printenv', read: readNames },
];

/** Without a name it would print all of the environment. BusyBox knows no `--` here, and names need none. */
function readNames(args: readonly Word[]): readonly Token[] {
  if (args.length === 0)
    throw new Refused(
      'printenv',
      'it prints all of the environment, which may hold secrets',
      'printenv PATH',
    );
  return args.map((word) => {
    if (/^[A-Za-z_]\w*$/.test(word.value)) {
      note(word, 'operand: the name of a variable');
      return word.value;
    }
    throw new Refused(word, 'not the name of a variable', 'printenv PATH');
  });
}
