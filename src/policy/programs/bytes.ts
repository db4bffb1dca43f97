import { program } from '../options.ts';
import { xxd } from './xxd.ts';

const checks = [
  'it opens whatever files a list names',
  'the sum of each FILE, to be compared by eye',
] as const;
const sums = {
  options: `
    -b --binary
    -t --text
    --tag
    -z --zero
    --help
    --version`,
  operands: 'FILE*',
  refused: { '-c': checks, '--check': checks },
};

/** Programs that look at bytes: cmp(1), sha256sum(1), md5sum(1), strings(1), od(1), hexdump(1), xxd(1). */
export const bytes = [
  program('cmp', {
    options: `
      -b --print-bytes
      -i --ignore-initial=SKIPS
      -l --verbose
      -n --bytes=BYTES
      -s --quiet --silent
      --help
      -v --version`,
    operands: (seen) => (seen.has('--help') || seen.has('-v') ? '' : 'FILE FILE? BYTES? BYTES?'),
  }),
  program('sha256sum', sums),
  program('md5sum', sums),
  program('strings', {
    options: `
      -a --all
      -f --print-file-name
      -n --bytes=NUMBER
      -t --radix=o|d|x
      -o
      -e --encoding=s|S|b|l|B|L
      -w --include-all-whitespace
      --output-separator=TEXT -s
      --help
      --version -V`,
    number: '-n',
    // Without -a old versions parse the file as a program, in a library known for its overflows.
    forced: [['-a']],
    operands: 'STRINGS_FILE*',
    refused: {
      '-d': ['it parses the file as a program', 'strings FILE'],
      '--data': ['it parses the file as a program', 'strings FILE'],
      '-T': ['it parses the file as a program', 'strings FILE'],
    },
  }),
  program('od', {
    options: `
      -A --address-radix=d|o|x|n
      --endian=big|little
      -j --skip-bytes=BYTES
      -N --read-bytes=BYTES
      -t --format=OD_TYPE
      -v --output-duplicates
      -w[=NUMBER]
      --width[=NUMBER]
      : -a -b -c -d -f -i -l -o -s -x
      --help
      --version`,
    operands: 'FILE*',
    refusePlus: true,
  }),
  program('hexdump', {
    options: `
      -b --one-byte-octal
      -c --one-byte-char
      -C --canonical
      -d --two-bytes-decimal
      -o --two-bytes-octal
      -x --two-bytes-hex
      -e --format=HEX_FORMAT
      -n --length=BYTES
      -s --skip=BYTES
      -v --no-squeezing
      -h --help
      -V --version`,
    operands: 'FILE*',
    refused: { '-f': ['it reads a format from any file', '-e \'16/1 "%02x " "\\n"\''] },
  }),
  xxd,
];
