import { program } from '../options.ts';

const sets = ['it sets the clock', '`date`, `date +%F`; `date -d yesterday` shows another time'] as const;
const resolves = [
  'it asks name servers',
  '`hostname`, `hostname -s`, `hostname -I` or `cat /etc/hosts`',
] as const;
const names = ['it sets the name of the machine', '`hostname`'] as const;

/** Programs that say one thing of the machine: date(1), uptime(1), uname(1), id(1), hostname(1). */
export const system = [
  program('date', {
    // -d and -r take other values on BSD, where -d set the kernel's summer time: the long form is printed.
    options: `
      --date=DATE -d
      --reference=NAME -r
      --debug
      -I[=date|hours|minutes|seconds|ns]
      --iso-8601[=date|hours|minutes|seconds|ns]
      -R --rfc-email --rfc-2822 --rfc-822
      --rfc-3339=date|seconds|ns
      --resolution
      -u --utc --universal
      --help
      --version`,
    operands: 'DATE_FORMAT?',
    refused: {
      '-s': sets,
      '--set': sets,
      '-f': ['it reads any file, and sets the clock on BSD', 'date -d TEXT'],
      '--file': ['it reads any file', 'date -d TEXT'],
      '-j': ['it is an option of BSD only', 'date -d TEXT'],
    },
  }),
  program('uptime', {
    options: `
      -p --pretty
      -s --since
      -h --help
      -V --version`,
    operands: '',
  }),
  program('uname', {
    options: `
      -a --all
      -s --kernel-name --sysname
      -n --nodename
      -r --kernel-release --release
      -v --kernel-version
      -m --machine
      -p --processor
      -i --hardware-platform
      -o --operating-system
      --help
      --version`,
    operands: '',
  }),
  program('id', {
    options: `
      -a
      -Z --context
      -g --group
      -G --groups
      -n --name
      -r --real
      -u --user
      -z --zero
      --help
      --version`,
    operands: 'USER*',
  }),
  program('hostname', {
    options: `
      -s --short
      -I --all-ip-addresses
      -V --version
      -h --help`,
    operands: '',
    refused: {
      '-f': resolves,
      '--fqdn': resolves,
      '--long': resolves,
      '-d': resolves,
      '--domain': resolves,
      '-a': resolves,
      '--alias': resolves,
      '-A': resolves,
      '--all-fqdns': resolves,
      '-i': resolves,
      '--ip-address': resolves,
      '-F': names,
      '--file': names,
      '-b': names,
      '--boot': names,
      '-y': ['with a name it sets the NIS domain', 'hostname'],
      '--yp': ['with a name it sets the NIS domain', 'hostname'],
      '--nis': ['with a name it sets the NIS domain', 'hostname'],
    },
  }),
];
