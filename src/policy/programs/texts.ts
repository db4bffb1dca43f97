import { program } from '../options.ts';
import { Refused } from '../refusal.ts';

const inPlace = ['it writes into the file', "sed -n '1,20p' FILE only prints"] as const;
const script = ['it reads a program from any file', "sed -n '1,20p' FILE"] as const;

/** Programs that print text in another shape: cut(1), tr(1), nl(1), tac(1), column(1), sed(1). */
export const texts = [
  program('cut', {
    options: `
      -b --bytes=RANGES
      -c --characters=RANGES
      -d --delimiter=CHARACTER
      -f --fields=RANGES
      -n
      --complement
      -s --only-delimited
      --output-delimiter=TEXT
      -z --zero-terminated
      --help
      --version`,
    operands: 'FILE*',
  }),
  program('tr', {
    options: `
      -c --complement
      -C
      -d --delete
      -s --squeeze-repeats
      -t --truncate-set1
      --help
      --version`,
    operands: (seen) => (isAsked(seen) ? '' : 'PATTERN PATTERN?'),
  }),
  program('nl', {
    options: `
      -b --body-numbering=TEXT
      -d --section-delimiter=TEXT
      -f --footer-numbering=TEXT
      -h --header-numbering=TEXT
      -i --line-increment=NUMBER
      -l --join-blank-lines=NUMBER
      -n --number-format=ln|rn|rz
      -p --no-renumber
      -s --number-separator=TEXT
      -v --starting-line-number=NUMBER
      -w --number-width=NUMBER
      --help
      --version`,
    operands: 'FILE*',
  }),
  program('tac', {
    options: `
      -b --before
      -r --regex
      -s --separator=TEXT
      --help
      --version`,
    // What comes through a pipe would be written to a file first.
    operands: (seen) => (isAsked(seen) ? '' : 'PLAIN_FILE+'),
  }),
  program('column', {
    // -n takes a value on some systems and none on others.
    options: `
      -c --output-width=NUMBER --columns=NUMBER
      -t --table
      -s --separator=TEXT
      -o --output-separator=TEXT
      -x --fillrows
      -J --json
      -N --table-columns=TEXT
      -R --table-right=TEXT
      -T --table-truncate=TEXT
      -W --table-wrap=TEXT
      -H --table-hide=TEXT
      -O --table-order=TEXT
      --table-name=TEXT
      --table-noheadings
      --table-header-repeat
      --keep-empty-lines
      -h --help
      -V --version`,
    operands: 'FILE*',
    refused: { '-n': ['it takes a value on some systems and none on others', '--table-name=NAME'] },
  }),
  program('sed', {
    options: `
      -n --quiet --silent
      -e --expression=SED_PRINT
      -E --regexp-extended -r
      --help
      --version`,
    operands: (seen) => {
      if (isAsked(seen)) return '';
      if (seen.has('-n')) return seen.has('-e') ? 'FILE*' : 'SED_PRINT FILE*';
      throw new Refused(
        'sed',
        'without -n and one address its language writes files and runs programs',
        "sed -n '1,20p' FILE or sed -n '/error/p' FILE",
      );
    },
    refused: {
      '-i': inPlace,
      '--in-place': inPlace,
      '-f': script,
      '--file': script,
    },
  }),
];

function isAsked(seen: ReadonlySet<string>): boolean {
  return seen.has('--help') || seen.has('--version');
}
