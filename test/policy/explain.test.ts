import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { ScoutError } from '../../src/errors.ts';
import { explainCommand } from '../../src/operations/explain-command.ts';
import { permitted } from '../../src/operations/run-query.ts';
import { explain, judge } from '../../src/policy/index.ts';
import { absent } from '../../src/policy/programs/absent.ts';
import { everyday } from './corpus/everyday.ts';
import { hostile } from './corpus/hostile.ts';
import { refusedEveryday } from './corpus/refused-everyday.ts';

/** Each takes some of a millisecond, and there are thousands. */
const explained = hostile.map(([, command]) => ({ command, ...explain(command) }));

describe('an explained command', () => {
  it('has a role for every word of every everyday command', () => {
    const silent = everyday.flatMap((command) =>
      explain(command)
        .reads.filter(({ role, state }) => role === '' || state !== 'read')
        .map(({ word }) => ({ command, word })),
    );
    expect(silent).toEqual([]);
  });

  it('has all of its words, in the order in which they stand', () => {
    for (const command of everyday) {
      const words = explain(command).reads.map(({ word }) => word);
      if (words.every((word) => !word.endsWith('…') && !word.includes('\\'))) {
        const text = command.replaceAll('\\\n', '');
        expect(words.join('').replace(/[\s;]/g, '')).toBe(
          text.replace(/(?<=\s)#.*/g, '').replace(/[\s;]/g, ''),
        );
      }
    }
  });

  it('has the verdict that the tool has, in the same words, for every hostile command', () => {
    for (const { command, verdict } of explained) expect(verdict).toEqual(judge(command));
  });

  it('has exactly one refused word for every hostile command, and its reason there', () => {
    const wrong = explained.flatMap(({ command, verdict, reads }) => {
      const refused = reads.filter(({ state }) => state === 'refused');
      if (verdict.allowed || refused.length !== 1) return [{ command, reads }];
      return refused[0]?.role === verdict.refusal.reason ? [] : [{ command, reads }];
    });
    expect(wrong).toEqual([]);
  });

  it('says what each word was read as', () => {
    expect(rolesOf(`grep -ri --include=*.log 'a b' ~/x ./*.c 2>/dev/null | tail -3 && ! test -f y`)).toEqual({
      grep: 'program grep',
      '-ri': 'option -r, takes no value; option -i, takes no value',
      '--include=*.log': 'option --include with a pattern',
      "'a b'": 'operand: a pattern',
      '~/x': 'operand: a file or directory to read, ~ is the home directory',
      './*.c': 'operand: a file or directory to read, the shell puts all names that match',
      '2>/dev/null': 'redirection: error messages are dropped',
      '|': 'operator: its output is the input of',
      tail: 'program tail',
      '-3': 'option -n with a number such as 20, -20 or +20',
      '&&': 'operator: and, if that succeeds,',
      '!': 'operator: turns the outcome around',
      test: 'program test',
      '-f': 'operator of test',
      y: 'operand: text or a path',
    });
  });

  it('finds the refused word among equal ones, and leaves the words after it alone', () => {
    expect(statesOf('sort -r x | sort -r -o x; ls x')).toBe(
      'read read read read read read refused unread read unread unread',
    );
    expect(statesOf('ls -lZQz x -lZQz')).toBe('read refused unread unread');
    expect(statesOf('grep; grep x')).toBe('refused read unread unread');
    expect(statesOf('ls & ls')).toBe('unread refused unread');
    expect(statesOf('cat a > b; ls')).toBe('read read refused unread');
    expect(statesOf("jq '.a|env' env")).toBe('read refused read');
  });

  it('shows no character that moves a cursor, and no word longer than a line', () => {
    const words = explained.flatMap(({ reads }) => reads.map(({ word }) => word));
    expect(words.filter((word) => !/^[^\p{C}\p{Zl}\p{Zp}]{0,130}$/u.test(word))).toEqual([]);
  });
});

describe('a refusal', () => {
  it('comes for each of these', () => {
    expect(refusedEveryday.length).toBeGreaterThan(150);
    expect(refusedEveryday.filter((command) => judge(command).allowed)).toEqual([]);
  });

  it('names commands that are let through, wherever it offers one', () => {
    const all = [...refusedEveryday, ...hostile.map(([, command]) => command), ...absent.keys()];
    const offered = new Set(all.flatMap((command) => offersOf(command)));
    expect(offered.size).toBeGreaterThan(100);
    expect([...offered].filter((command) => !judge(command).allowed)).toEqual([]);
  });

  it('is no list of all programs where a person asks for a well-known one', () => {
    const listed = refusedEveryday.filter((command) => insteadOf(command).startsWith('one of: echo'));
    expect(listed).toEqual(['!!']);
  });

  it.each([
    ['tail -100f x', 'a number and letters in one option', '-n 100, and each letter for itself'],
    ['cat 0< x', 'only the standard input is taken from a file', '< FILE, with no number'],
    ['cat 0<<x', 'here-documents and here-strings are not run', ''],
    ['cat <> x', 'writing redirections are not run', ''],
    ['cat /proc/net/*', 'not every path that this may stand for is opened', 'the names, one by one'],
    ['cat /proc/1/fd/3', 'this path is not opened', 'a path that names plain files'],
    ['docker -v', '-v: a sub-command says it', '`docker version`'],
  ])('gives the true reason: %s', (command, reason, instead) => {
    const verdict = judge(command);
    expect(verdict).toMatchObject({ allowed: false, refusal: { reason: expect.stringContaining(reason) } });
    expect(insteadOf(command)).toContain(instead);
  });

  it('names the program that was probably meant', () => {
    expect(insteadOf('grpe x y')).toMatch(/^grep, if that was meant/);
    expect(insteadOf('/usr/bin/grep x y')).toMatch(/^grep,/);
  });

  it('is the same in the tool and in what explains it, in every word', () => {
    const config = loadConfig({});
    const all = [
      ...refusedEveryday,
      ...hostile.map(([, command]) => command),
      ...everyday,
      'cat /etc/shadow',
    ];
    for (const command of all) {
      const { sent, refused } = explainCommand({ config }, command, '');
      try {
        expect(permitted({ config }, command, '').command).toBe(sent);
      } catch (error) {
        if (!(error instanceof ScoutError)) throw error;
        expect(refused).toEqual(error);
        expect(refused?.fix).toBe(error.fix);
      }
    }
  });
});

function statesOf(command: string): string {
  return explain(command)
    .reads.map(({ state }) => state)
    .join(' ');
}

function rolesOf(command: string): Record<string, string> {
  return Object.fromEntries(explain(command).reads.map(({ word, role }) => [word, role]));
}

function insteadOf(command: string): string {
  const verdict = judge(command);
  return verdict.allowed ? '' : verdict.refusal.instead;
}

function offersOf(command: string): readonly string[] {
  return [...insteadOf(command).matchAll(/`([^`]+)`/g)].flatMap(([, offer]) => offer ?? []);
}
