import type { Program, Token } from '../grammar.ts';
import { program } from '../options.ts';

const realpath = program('realpath', {
  options: `
    -e --canonicalize-existing
    -m --canonicalize-missing
    -L --logical
    -P --physical
    -q --quiet
    -s --strip --no-symlinks
    -z --zero
    --relative-to=NAME
    --relative-base=NAME
    --help
    --version`,
  operands: 'NAME*',
});

/** Programs that work on names: basename(1), dirname(1), realpath(1), readlink(1). */
export const names: readonly Program[] = [
  program('basename', {
    options: `
      -a --multiple
      -s --suffix=TEXT
      -z --zero
      --help
      --version`,
    operands: (seen) => {
      if (seen.has('--help') || seen.has('--version')) return '';
      return seen.has('-a') || seen.has('-s') ? 'TEXT+' : 'TEXT TEXT?';
    },
  }),
  program('dirname', {
    options: `
      -z --zero
      --help
      --version`,
    operands: 'TEXT*',
  }),
  { name: 'realpath', read: (args) => withoutEnd(realpath.read(args)) },
  program('readlink', {
    options: `
      -f --canonicalize
      -e --canonicalize-existing
      -m --canonicalize-missing
      -n --no-newline
      -q --quiet
      -s --silent
      -v --verbose
      -z --zero
      --help
      --version`,
    operands: 'NAME*',
  }),
];

/** BusyBox's realpath takes `--` for a path: it is left out where no operand can begin with a dash. */
function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  const isPlain = tokens.every((token) => typeof token === 'string' || /^[^-*?[]/.test(token.value));
  return isPlain ? tokens.filter((token) => token !== '--') : tokens;
}
