import type { Grammar, Program, Refusals } from '../grammar.ts';
import { kindOf } from '../kinds.ts';
import { program } from '../options.ts';
import { subcommands } from '../subcommands.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

const elsewhere = ['it asks another machine', 'the command without it, on the host of this call'] as const;
const otherTree = ['it reads another tree or image', 'the command without it'] as const;
const deletes = ['it deletes or rewrites the journal', '`journalctl --disk-usage`'] as const;
const endless = [
  'it never ends',
  '`journalctl -n 100`, `journalctl --since -10min`, each with -u UNIT',
] as const;
const changes = [
  'it changes units',
  '`systemctl status UNIT`, `systemctl cat UNIT`, `systemctl list-units`, `systemctl is-active UNIT`',
] as const;

const common = `
  --user
  --system
  -l --full
  --no-pager
  --plain
  --no-legend
  -q --quiet`;
const filters = `${common}
  -a --all
  -t --type=LIST
  --state=LIST
  --failed
  -o --output=short|json|json-pretty|cat
  -r --recursive`;
const refused: Refusals = {
  '-H': elsewhere,
  '--host': elsewhere,
  '-M': elsewhere,
  '--machine': elsewhere,
  '--root': otherTree,
  '--image': otherTree,
  '-P': ['older systems do not have it', '-p NAME --value'],
  '--wait': ['it may never end', 'the command without it'],
};

/** What show prints where no properties are asked for: all but the environment and credentials. */
const shown = `Id Names Description LoadState ActiveState SubState UnitFileState UnitFilePreset FragmentPath
  SourcePath DropInPaths NeedDaemonReload Type Result Restart NRestarts MainPID ControlPID ExecStart ExecReload
  ExecStop ExecMainStartTimestamp ExecMainExitTimestamp ExecMainCode ExecMainStatus StatusText StatusErrno User Group
  WorkingDirectory Slice ControlGroup MemoryCurrent MemoryPeak MemoryMax CPUUsageNSec TasksCurrent TasksMax
  LimitNOFILE Requires Wants After Before WantedBy TriggeredBy Triggers ActiveEnterTimestamp
  InactiveEnterTimestamp ConditionResult AssertResult Where What Listen NextElapseUSecRealtime LastTriggerUSec
  Version Architecture Virtualization Tainted NNames NFailedUnits NJobs SystemState`
  .split(/\s+/)
  .join(',');

const verb = (name: string, options: string, operands: string, forced: Grammar['forced'] = []) =>
  program(name, { options, operands, refused, forced: [['--no-pager'], ...forced] });

/** systemctl(1), reading only. */
const systemctl = subcommands('systemctl', {
  verbs: [
    verb(
      'status',
      `${filters}
      -n --lines=NUMBER`,
      'UNIT*',
    ),
    verb(
      'show',
      `${common}
      -a --all
      -t --type=LIST
      -p --property=PROPERTIES
      --value
      --timestamp=pretty|unix|us|utc`,
      'UNIT*',
      [['-p', shown]],
    ),
    verb('cat', common, 'UNIT+'),
    verb('list-units', `${filters}\n--version`, 'UNIT*'),
    verb('list-unit-files', filters, 'UNIT*'),
    verb('list-timers', filters, 'UNIT*'),
    verb('list-sockets', `${filters}\n--show-types`, 'UNIT*'),
    verb('list-paths', filters, 'UNIT*'),
    verb('list-automounts', filters, 'UNIT*'),
    verb('list-jobs', `${common}\n--after\n--before`, 'UNIT*'),
    verb('list-dependencies', `${filters}\n--reverse\n--after\n--before`, 'UNIT*'),
    verb('is-active', common, 'UNIT+'),
    verb('is-failed', common, 'UNIT*'),
    verb('is-enabled', common, 'UNIT+'),
    verb('is-system-running', common, ''),
  ],
  bare: 'list-units',
  before: '-t --type=LIST\n--state=LIST\n-p --property=LIST\n-n --lines=NUMBER\n-o --output=WORD',
  refused: {
    ...refused,
    ...Object.fromEntries(
      'start stop restart reload enable disable mask unmask kill daemon-reload edit'
        .split(' ')
        .map((name) => [name, changes]),
    ),
    'list-machines': elsewhere,
    'show-environment': ['it shows the environment, which holds secrets', '`systemctl show UNIT`'],
  },
});

const journal = program('journalctl', {
  options: `
    --system
    --user
    -m --merge
    -S --since=TEXT
    -U --until=TEXT
    -c --cursor=TEXT
    --after-cursor=TEXT
    --show-cursor
    --boot[=JOURNAL_BOOT] -b
    -u --unit=UNIT
    --user-unit=UNIT
    -t --identifier=TEXT
    -p --priority=WORD
    --facility=LIST
    -g --grep=TEXT
    --case-sensitive[=yes|no|true|false]
    -k --dmesg
    -o --output=short|short-full|short-iso|short-iso-precise|short-precise|short-monotonic|short-unix|cat|json|json-pretty|with-unit
    --output-fields=JOURNAL_FIELDS
    -n --lines=NUMBER
    -r --reverse
    -e --pager-end
    -a --all
    -l --full
    --no-full
    -q --quiet
    -x --catalog
    --utc
    --no-hostname
    --no-pager
    --no-tail
    -N --fields
    -F --field=JOURNAL_FIELDS
    --list-boots
    --disk-usage
    --header
    -h --help
    --version`,
  operands: 'JOURNAL_MATCH*',
  forced: [['--no-pager'], ['-n', '10000']],
  refused: {
    '-f': endless,
    '--follow': endless,
    '-M': elsewhere,
    '--machine': elsewhere,
    '-D': otherTree,
    '--directory': otherTree,
    '--file': otherTree,
    '--root': otherTree,
    '--image': otherTree,
    '--cursor-file': ['it writes the file', '--show-cursor and --after-cursor='],
    '--vacuum-size': deletes,
    '--vacuum-time': deletes,
    '--vacuum-files': deletes,
    '--rotate': deletes,
    '--flush': deletes,
    '--sync': deletes,
    '--relinquish-var': deletes,
    '--setup-keys': ['it writes keys', 'journalctl without it'],
    '--update-catalog': ['it writes the catalogue', 'journalctl -x'],
  },
});

/**
 * journalctl(1), reading only. A boot may be the next word after `-b`, also behind flags as in `-xb -1`; it is printed
 * attached.
 */
const journalctl: Program = { name: 'journalctl', read: (args) => journal.read(withBoots(args)) };

/** `-b` behind flags that take no value, or `--boot`. */
const bootFlag = /^(?:--boot|-(?<flags>[aeklmqrx]*)b)$/;

function withBoots(args: readonly Word[]): readonly Word[] {
  const boot = kindOf('JOURNAL_BOOT').form;
  const flagOf = (word: Word | undefined) => bootFlag.exec(word?.value ?? '');
  return args.flatMap((word, index) => {
    if (flagOf(args[index - 1]) && boot.test(word.value)) return [];
    const flag = flagOf(word);
    const next = args[index + 1];
    if (!flag || !next || !boot.test(next.value)) return [word];
    const instead = (value: string) => ({ ...word, value, tilde: false, glob: false, pieces: [] });
    note(next, 'value of --boot: a boot');
    const flags = flag.groups?.flags;
    return [...(flags ? [instead(`-${flags}`)] : []), instead(`--boot=${next.value}`)];
  });
}

export const systemd: readonly Program[] = [systemctl, journalctl];
