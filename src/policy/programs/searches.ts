import type { Program, Token } from '../grammar.ts';
import { program } from '../options.ts';
import { watchPath } from '../path-watch.ts';
import type { Word } from '../word.ts';

const recursive = (seen: ReadonlySet<string>) => ['-r', '-R'].some((option) => seen.has(option));
const hasPattern = (seen: ReadonlySet<string>) => ['-e', '-f'].some((option) => seen.has(option));

const diff = program('diff', {
  options: `
    --normal
    -q --brief
    -s --report-identical-files
    -c
    -C=NUMBER
    --context[=NUMBER]
    -u
    -U=NUMBER
    --unified[=NUMBER]
    -e --ed
    -n --rcs
    -y --side-by-side
    -W --width=NUMBER
    --left-column
    --suppress-common-lines
    -p --show-c-function
    -F --show-function-line=PATTERN
    --label=TEXT
    -t --expand-tabs
    -T --initial-tab
    --tabsize=NUMBER
    --suppress-blank-empty
    -r --recursive
    --no-dereference
    -N --new-file
    --unidirectional-new-file
    --ignore-file-name-case
    --no-ignore-file-name-case
    -x --exclude=PATTERN
    -X --exclude-from=FILE
    -S --starting-file=WORD
    -i --ignore-case
    -E --ignore-tab-expansion
    -Z --ignore-trailing-space
    -b --ignore-space-change
    -w --ignore-all-space
    -B --ignore-blank-lines
    -I --ignore-matching-lines=PATTERN
    -a --text
    --strip-trailing-cr
    -d --minimal
    --horizon-lines=NUMBER
    --speed-large-files
    --color[=always|never|auto]
    --help
    -v --version`,
  // Of two directories it reads the files in them, with -r or without.
  operands: 'TREE TREE',
  refused: {
    '-l': ['it runs the program pr', 'diff without -l'],
    '--paginate': ['it runs the program pr', 'diff without --paginate'],
    '--from-file': ['more than two files in one diff', 'one diff for each pair'],
    '--to-file': ['more than two files in one diff', 'one diff for each pair'],
  },
});

/** Programs that search and compare contents: grep(1), rg(1), diff(1). */
export const searches: readonly Program[] = [
  program('grep', {
    options: `
      -E --extended-regexp
      -F --fixed-strings
      -G --basic-regexp
      -P --perl-regexp
      -e --regexp=PATTERN
      -f --file=FILE
      -i --ignore-case
      -y
      --no-ignore-case
      -w --word-regexp
      -x --line-regexp
      -z --null-data
      -s --no-messages
      -v --invert-match
      -V --version
      --help
      -m --max-count=NUMBER
      -b --byte-offset
      -n --line-number
      --line-buffered
      -H --with-filename
      -h --no-filename
      --label=TEXT
      -o --only-matching
      -q --quiet --silent
      --binary-files=binary|text|without-match
      -a --text
      -I
      -d --directories=read|skip
      -D --devices=skip
      -r --recursive
      -R --dereference-recursive
      --include=PATTERN
      --exclude=PATTERN
      --exclude-from=FILE
      --exclude-dir=PATTERN
      -L --files-without-match
      -l --files-with-matches
      -c --count
      -T --initial-tab
      -Z --null
      -B --before-context=NUMBER
      -A --after-context=NUMBER
      -C --context=NUMBER
      --group-separator=TEXT
      --no-group-separator
      --color[=always|never|auto]
      --colour[=always|never|auto]
      -U --binary`,
    number: '-C',
    readsHere: recursive,
    operands: (seen) => `${hasPattern(seen) ? '' : 'PATTERN '}${recursive(seen) ? 'TREE*' : 'FILE*'}`,
  }),
  program('rg', {
    options: `
      -A --after-context=NUMBER
      -B --before-context=NUMBER
      -C --context=NUMBER
      --binary
      -b --byte-offset
      -s --case-sensitive
      --color=never|auto|always|ansi
      --column
      --context-separator=TEXT
      -c --count
      --count-matches
      --crlf
      -E --encoding=WORD
      --engine=default|pcre2|auto
      -f --file=FILE
      --files
      -l --files-with-matches
      --files-without-match
      -F --fixed-strings
      -L --follow
      -g --glob=PATTERN
      --glob-case-insensitive
      -h
      --help
      --heading
      -. --hidden
      --iglob=PATTERN
      -i --ignore-case
      --include-zero
      -v --invert-match
      --json
      --line-buffered
      -n --line-number
      -x --line-regexp
      -M --max-columns=NUMBER
      --max-columns-preview
      -m --max-count=NUMBER
      -d --max-depth=NUMBER --maxdepth=NUMBER
      --max-filesize=SIZE
      -U --multiline
      --multiline-dotall
      --no-config
      -I --no-filename
      --no-heading
      --no-ignore
      --no-ignore-dot
      --no-ignore-exclude
      --no-ignore-files
      --no-ignore-global
      --no-ignore-parent
      --no-ignore-vcs
      -N --no-line-number
      --no-messages
      --no-mmap
      --no-require-git
      --no-unicode
      -0 --null
      --null-data
      --one-file-system
      -o --only-matching
      --passthru --passthrough
      --path-separator=TEXT
      -P --pcre2
      -p --pretty
      -q --quiet
      -e --regexp=PATTERN
      -r --replace=TEXT
      -S --smart-case
      --sort=none|path|modified|accessed|created
      --sortr=none|path|modified|accessed|created
      --stats
      -a --text
      -j --threads=FEW
      --trim
      -t --type=WORD
      --type-list
      -T --type-not=WORD
      -u --unrestricted
      -V --version
      --vimgrep
      -H --with-filename
      -w --word-regexp`,
    // A file named by RIPGREP_CONFIG_PATH may hold --pre.
    forced: [['--no-config']],
    readsHere: () => true,
    operands: (seen) => {
      const none = ['--files', '--type-list', '-V', '-h', '--help'].some((option) => seen.has(option));
      return none || hasPattern(seen) ? 'TREE*' : 'PATTERN TREE*';
    },
    refused: {
      '--pre': ['it runs a program for each file', 'rg without it'],
      '--hostname-bin': ['it runs a program', 'rg without it'],
      '-z': ['it runs decompressors', 'rg without it'],
      '--search-zip': ['it runs decompressors', 'rg without it'],
      '--ignore-file': ['it reads any file', '-g with ! before the pattern'],
    },
  }),
  { name: 'diff', read: readDiff },
];

/** Of a file and a directory it reads the file of that name in the directory. */
function readDiff(args: readonly Word[]): readonly Token[] {
  const tokens = diff.read(args);
  const [left, right] = tokens.slice(-2);
  if (typeof left !== 'object' || typeof right !== 'object') return tokens;
  for (const [file, directory] of [[left, right] as const, [right, left] as const]) {
    const name = /([^/]*)\/*$/.exec(file.value)?.[1] ?? '';
    const value = `${directory.value}/${name}`;
    watchPath('file', value, { ...directory, value, pieces: [{ text: value, glob: false }] });
  }
  return tokens;
}
