import { program } from '../options.ts';
import type { Step } from '../read-script.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

/** zcat(1). */
export const compressed = [
  program('zcat', {
    options: `
      -f --force
      -q --quiet
      --help
      -V --version`,
    operands: 'COMPRESSED*',
    refused: {
      '-r': ['it opens whole trees', 'zcat FILE'],
      '--recursive': ['it opens whole trees', 'zcat FILE'],
    },
  }),
];

const names = [
  'the names of files are lost in the pipe',
  'zgrep -h PATTERN FILE…, or one call for each FILE',
] as const;
const patterns = ['zgrep runs what some options hold', "zgrep -E 'a|b' FILE"] as const;

const zgrep = program('zgrep', {
  options: `
    -E --extended-regexp
    -F --fixed-strings
    -G --basic-regexp
    -P --perl-regexp
    -i --ignore-case
    -w --word-regexp
    -x --line-regexp
    -v --invert-match
    -s --no-messages
    -m --max-count=NUMBER
    -b --byte-offset
    -n --line-number
    -h --no-filename
    -o --only-matching
    -q --quiet --silent
    -a --text
    -c --count
    -B --before-context=NUMBER
    -A --after-context=NUMBER
    -C --context=NUMBER
    --color[=always|never|auto]
    --colour[=always|never|auto]`,
  number: '-C',
  operands: 'PATTERN FILE*',
  refused: {
    '-e': patterns,
    '-f': patterns,
    '--regexp': patterns,
    '--file': patterns,
    '--label': patterns,
    '-H': names,
    '-l': names,
    '-L': names,
    '--with-filename': names,
    '--files-with-matches': names,
    '--files-without-match': names,
  },
});

/** Options that mean another thing for one stream than for several files. */
const byFile = new Set(['-m', '-b', '-n', '-c', '-A', '-B', '-C']);

/**
 * A step as the steps that are run in its place. zgrep(1) is a script that puts its words into commands of its own
 * (Debian's runs what `--label` holds), so it is written as `zcat -f FILE… | grep PATTERN`.
 */
export function withoutZgrep(step: Step): readonly Step[] {
  const [program, ...args] = step.words;
  if (program?.value !== 'zgrep' || program.glob || program.tilde) return [step];
  note(program, 'program zgrep, run as zcat and grep');
  const tokens = zgrep.read(args);
  // Of the tokens only the files are words of the user, and they come last.
  const files = tokens.filter((token) => typeof token !== 'string');
  const own = tokens.filter((token) => typeof token === 'string');
  if (files.length > 1 || files.some((file) => file.glob)) checkSeveral(own);
  const zcat = ['zcat', '-f', ...(files.length > 0 ? ['--'] : [])].map(wordOf);
  return [
    { ...step, words: [...zcat, ...files] },
    {
      ...step,
      words: ['grep', ...own].map(wordOf),
      joint: '|',
      negated: false,
      redirects: step.redirects.filter((redirect) => typeof redirect === 'string'),
    },
  ];
}

function checkSeveral(own: readonly string[]): void {
  const options = own.slice(0, -2);
  if (!options.includes('-h')) throw new Refused('zgrep', ...names);
  const counted = options.find((option) => byFile.has(option));
  if (counted)
    throw new Refused(counted, `${counted} is not the same over several files in one pipe`, names[1]);
}

function wordOf(text: string): Word {
  return { source: text, value: text, tilde: false, glob: false, pieces: [{ text, glob: false }], roles: [] };
}
