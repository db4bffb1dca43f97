import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { readScript } from '../../src/policy/read-script.ts';
import { everyday } from './corpus/everyday.ts';
import { ourReading, withStandIns } from './our-reading.ts';
import { type Bench, shells, startBench } from './real-shells.ts';

/** Words that shells could read differently, each let through as an operand of echo, printf or grep. */
const tricky: readonly string[] = [
  `echo 'it'\\''s' "it's" it\\'s`,
  `echo "a\\"b" "a\\\\b" "a\\b" 'a\\b' a\\\\b a\\b`,
  `echo "\\$HOME" '$HOME' \\$HOME "\\\`id\\\`" '\`id\`'`,
  `echo "x$" x$ "$)" "a$ b" "$/"`,
  `echo $'a\\tb\\n\\\\c\\'\\"' $'' x$'y'z`,
  `echo '' "" a''b ""`,
  `echo a\\ b "a  b" 'a\tb'`,
  `echo '*' "?" \\[a\\] '['a']' "~" '~/x' \\~ a~ ~`,
  `echo ~/ ~/x ~/'a b'/"c" ~/\\*`,
  `echo {} {a} a{b '{a,b}' "{1..3}" \\{a,b\\}`,
  `echo '#' a#b "#x" \\#y # comment`,
  `echo ! '!' "!x" a!b !a`,
  `echo -n -e -- - --x '-' "--"`,
  `echo a=b 'A=1' x=~ x=~/y PATH=/x`,
  `echo 'a\nb' "c\nd" e\\\nf`,
  `echo 'a;b' "c|d" 'e&f' '(g)' '<h>' \\; \\| \\& \\( \\) \\< \\>`,
  `echo é ü '\u{1f600}' "日本" 'a\u00a0b' \u200b`,
  `echo ] [ [] [! 'x]' ]y`,
  `echo % %s '%%' ^ , : @ + _`,
  `printf '%s\\n' '-n' "\\n" '\\\\'`,
  `printf -- '-%s' x`,
  `grep -e '-x' -e "a b" -- - '-v'`,
  `grep "^[^#].*\\$" f`,
  `true&&echo a||echo b;true`,
  `true|true | true`,
  `echo ${"'a b'".repeat(50)}`,
  `ls -la"h" --color='al'ways /'tmp'"/x"\\y`,
];

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await writeFile(join(bench.home, 'x'), ''); // what some read from: without it their program does not start
});
afterAll(() => bench.remove());

const accepted = [...everyday, ...tricky].flatMap((command) => {
  const verdict = judge(command);
  return verdict.allowed ? [{ command, canonical: verdict.canonical }] : [];
});

/** Patterns are looked at in a test of their own: here the directories of the machine would decide. */
const withoutGlob = (text: string) =>
  readScript(text).every((step) => step.words.every((word) => !word.glob));

describe('the words of a command', () => {
  it('are tried with every tricky way of quoting', () => {
    expect(tricky.filter((command) => !judge(command).allowed)).toEqual([]);
  });

  it.each(shells)('of a canonical form are read by $shell as they are by us', async (shell) => {
    const texts = accepted.map(({ canonical }) => canonical).filter(withoutGlob);
    expect(await bench.words(shell, texts.map(withStandIns))).toEqual(
      texts.map((text) => ourReading(text, bench.home)),
    );
  });

  it.each(shells)('as the user wrote them are read by $shell as they are by us', async (shell) => {
    // Only bash reads $'…', and only outside of its POSIX mode a tilde after =: we read these as it does.
    const differs = { dash: /\$'/, bash: /=~/ }[shell.shell] ?? /^$/;
    const texts = accepted
      .map(({ command }) => command)
      .filter((text) => withoutGlob(text) && !differs.test(text));
    expect(texts.length).toBeGreaterThan(150);
    expect(await bench.words(shell, texts.map(withStandIns))).toEqual(
      texts.map((text) => ourReading(text, bench.home)),
    );
  });
});
