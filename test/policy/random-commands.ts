import fc from 'fast-check';
import { programs } from '../../src/policy/programs/index.ts';
import { anyCharacter } from '../fixtures/any-character.ts';

const names = [
  'a.log',
  'b.log',
  'sub',
  'sub/c',
  '.',
  '-',
  '*',
  './*',
  '*.log',
  'new',
  './new',
  '+1',
  '~',
  'x y',
];

/** What writes, runs or does not end, and what looks like it, by program. */
const dangerous: Readonly<Record<string, string>> = {
  sort: '-o|new|-onew|--output=new|--output|-zonew|-T|.|-S1b|--compress-program=./run|--files0-from=a.log|--o=new',
  uniq: 'a.log|new|-c|+1|-1',
  tree: '-o|-onew|new|-R|-L|1|-L1|-H|x|-RL|-HRL|--fromfile',
  find: '-delete|-exec|./run|;|+|{}|-execdir|-ok|-fprint|-fprint0|-fprintf|-fls|new|-files0-from|-name|.|(|)|-o',
  rg: '--pre|--pre=./run|./run|--hostname-bin=./run|-z|x|--config=a.log',
  diff: '-l|--paginate|a.log|b.log|-D|--to-file=a.log',
  file: '-C|-Cm|-m|a.log|-p|-f|-s|-z|-S',
  tail: '-f|-F|--follow|-5f|+1f|--pid=1|-lf|a.log',
  date: '-s|@0|--set=@0|010112002026|-f|a.log|-us|+%F',
  hostname: 'new|-F|a.log|-b|-y|-f|--file=a.log',
  df: '--sync|--sy',
  ps: 'e|auxe|-axe|eww|-o|environ|-u|x',
  test: '-v|a[$(./run)]|-eq|0|-o|-a|-R',
  '[': '-v|a[$(./run)]|-eq|0|-o|-a|-R',
  printf: '-v|%n|%d|a[$(./run)]|%s|x',
  sed: '-n|-ne1w new|p|w new|1p|-i|-ni|1w new|/a/p|/[/]/w new|s/a/b/w new|1e ./run|-e',
  xxd: 'a.log|new|-r|-p|-ps|-s|1|-c8|-ps8',
  tac: '-|a.log|-s|x',
  jq: '.|-f|run|env|-n|-L|.|--rawfile|input_filename|include "a";|-r',
  strings: '@a.log|a.log|-n|2|-d|-a',
  od: '+1|a.log|-c|-w4|-S',
  zgrep: '--label=;>new;#|-H|-h|a|a.log|b.log|-ex',
  zcat: '-r|-k|-S|-f|a.log|.',
  column: '-t|-n|-s|x|a.log',
  cmp: 'a.log|b.log|1|-n|2',
  free: '-s1|-s|1|-c|-h',
  last: '-d|--dns|-f|a.log|-n|1',
  grep: '-f|-r|/|-R|-d|recurse|-D|--include=*',
};

const harmless =
  `-a -l -n -1 -r -k2 -c -d -h -i -20 -name -type f -maxdepth 1 -print -e x -q --help --version -- -A -m 5 -t :
-x aux -ef -print0 -ls -size +1 -newer -n5 -n 3 --color=always --sort=name = != -gt 1 2 ! ( ) ] %s \\n -w -E -z -b -g`.split(
    /\s+/,
  );

const quoted = (word: string) => (word === '' || /[^\w./+=~*:-]/.test(word) ? `'${word}'` : word);
const name = fc.constantFrom(...names);
const wordOf = (program: string) => {
  const own = dangerous[program]?.split('|').map(quoted) ?? names;
  const common = fc.constantFrom(...harmless).map(quoted);
  return fc.oneof(fc.constantFrom(...own), fc.constantFrom(...own), name, common);
};
/** One program with a few words; more often one that can do harm. */
export const simple = fc
  .constantFrom(...programs.keys(), ...Object.keys(dangerous))
  .chain((program) =>
    fc
      .array(wordOf(program), { maxLength: 3 })
      .map((words) => [program, ...words, ...(program === '[' ? [']'] : [])].join(' ')),
  );

/** Commands of the programs that the policy knows, with options and operands that mean something to them. */
export const plausible = fc
  .tuple(
    simple,
    fc.array(fc.tuple(fc.constantFrom(' | ', ' && ', ' || ', '; ', '\n'), simple), { maxLength: 2 }),
  )
  .map(([first, others]) => [first, ...others.flat()].join(''));

const fragment = fc.oneof(
  plausible,
  simple,
  name,
  fc.constantFrom(
    ...`' " \\ $ \` ( ) { } [ ] < > & | ; # ! ~ * ? = , .. && || ;; << >> 2>&1 2>/dev/null $( $' $" <( [[ \${`.split(
      ' ',
    ),
  ),
  fc.constantFrom(
    '\n',
    '\t',
    '\r',
    '\0',
    ' ',
    '\\\n',
    '\u00a0',
    '\u2028',
    '\ud800',
    '\ufeff',
    'é',
    '\u{1f600}',
  ),
  fc.string({ unit: anyCharacter, maxLength: 8 }),
);

/** Any text, most of it near to what a shell would accept. */
export const hostileText = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(''));
