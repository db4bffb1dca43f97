import type { Program } from '../grammar.ts';
import { program } from '../options.ts';
import { Refused } from '../refusal.ts';
import type { Word } from '../word.ts';

const plain = program('xxd', {
  options: `
    : -a -b -C -d -e -E -h -i -p -r -u -v
    -c=NUMBER
    -g=NUMBER
    -l=OFFSET
    -o=OFFSET
    -s=OFFSET`,
  // A second operand is the file that it writes.
  operands: 'FILE?',
});

/** Its words with one dash and many letters, as the letter that says the same. */
const words: Readonly<Record<string, string>> = {
  '-ps': '-p',
  '-plain': '-p',
  '-postscript': '-p',
  '-autoskip': '-a',
  '-bits': '-b',
  '-cols': '-c',
  '-groupsize': '-g',
  '-include': '-i',
  '-len': '-l',
  '-seek': '-s',
  '-skip': '-s',
  '-revert': '-r',
  '-uppercase': '-u',
  '-version': '-v',
  '-help': '-h',
};

/** xxd(1), which does not bundle letters: `-ps` is no `-p -s`, and of `-pr` it sees the first letter only. */
export const xxd: Program = {
  name: 'xxd',
  read: (args) => {
    const end = args.findIndex(({ value }) => value === '--');
    return plain.read(args.map((word, index) => (end >= 0 && index >= end ? word : oneLetter(word))));
  },
};

function oneLetter(word: Word): Word {
  const { value } = word;
  const letter = words[value.startsWith('--') ? value.slice(1) : value];
  if (letter !== undefined) return { ...word, value: letter };
  if (!/^-[A-Za-z]{2}/.test(value) && !value.startsWith('--')) return word;
  throw new Refused(word, 'xxd does not take several letters in one word', 'each letter by itself: -r -p');
}
