import { program } from '../options.ts';

const follows = ['it never ends', '`tail -n 100 FILE` now, and again later'] as const;

/** Programs that read files through: cat(1), head(1), tail(1), wc(1), sort(1), uniq(1), file(1). */
export const reads = [
  program('cat', {
    options: `
      -A --show-all
      -b --number-nonblank
      : -e -t -u
      -E --show-ends
      -n --number
      -s --squeeze-blank
      -T --show-tabs
      -v --show-nonprinting
      --help
      --version`,
    operands: 'FILE*',
  }),
  program('head', {
    options: `
      -c --bytes=COUNT
      -n --lines=COUNT
      -q --quiet --silent
      -v --verbose
      -z --zero-terminated
      --help
      --version`,
    number: '-n',
    operands: 'FILE*',
  }),
  program('tail', {
    options: `
      -c --bytes=COUNT
      -n --lines=COUNT
      -q --quiet --silent
      -v --verbose
      -z --zero-terminated
      --help
      --version`,
    number: '-n',
    operands: 'FILE*',
    refusePlus: true,
    refused: { '-f': follows, '-F': follows, '--follow': follows, '--retry': follows, '--pid': follows },
  }),
  program('wc', {
    options: `
      -c --bytes
      -m --chars
      -l --lines
      -L --max-line-length
      -w --words
      --help
      --version`,
    operands: 'FILE*',
    refused: { '--files0-from': ['it reads names from any file', 'the names as operands'] },
  }),
  program('sort', {
    options: `
      -b --ignore-leading-blanks
      -d --dictionary-order
      -f --ignore-case
      -g --general-numeric-sort
      -i --ignore-nonprinting
      -M --month-sort
      -h --human-numeric-sort
      -n --numeric-sort
      -R --random-sort
      -r --reverse
      --sort=general-numeric|human-numeric|month|numeric|random|version
      -V --version-sort
      -c
      -C
      --check[=diagnose-first|quiet|silent]
      --debug
      -k --key=SORT_KEY
      -m --merge
      -s --stable
      -S --buffer-size=PERCENT
      -t --field-separator=CHARACTER
      -T --temporary-directory=/dev/null
      --parallel=FEW
      -u --unique
      -z --zero-terminated
      --help
      --version`,
    // What does not fit in memory would be spilled to files: under /dev/null that is an error.
    forced: [['-T', '/dev/null']],
    operands: 'FILE*',
    refusePlus: true,
    refused: {
      '-o': ['it writes a file', 'sort without -o: the answer holds what it prints'],
      '--output': ['it writes a file', 'sort without --output: the answer holds what it prints'],
      '--compress-program': ['it runs a program', 'sort without it'],
      '--files0-from': ['it reads names from any file', 'the names as operands'],
      '--random-source': ['it reads any file', 'sort -R'],
      '--batch-size': ['it is about temporary files, which are not written', 'sort without it'],
    },
  }),
  program('uniq', {
    options: `
      -c --count
      -d --repeated
      -D
      --all-repeated[=none|prepend|separate]
      -f --skip-fields=NUMBER
      --group[=separate|prepend|append|both]
      -i --ignore-case
      -s --skip-chars=NUMBER
      -u --unique
      -z --zero-terminated
      -w --check-chars=NUMBER
      --help
      --version`,
    // A second operand is the file that it writes.
    operands: 'FILE?',
    refusePlus: true,
  }),
  program('file', {
    options: `
      -b --brief
      -F --separator=TEXT
      -h --no-dereference
      -i --mime
      --mime-type
      --mime-encoding
      --extension
      -k --keep-going
      -L --dereference
      -n --no-buffer
      -N --no-pad
      -0 --print0
      -r --raw
      -v --version
      --help`,
    operands: 'FILE+',
    refused: {
      '-C': ['it writes a compiled magic file', 'file FILE'],
      '-p': ['it sets the times of the file', 'file FILE'],
      '-m': ['it loads any file as its own rules', 'file FILE'],
      '-f': ['it reads names from any file', 'the names as operands'],
      '-s': ['it reads devices', 'lsblk -f is the program for disks'],
      '-z': ['it runs decompressors', 'file FILE'],
      '-Z': ['it runs decompressors', 'file FILE'],
      '-S': ['it takes away its own sandbox', 'file FILE'],
    },
  }),
];
