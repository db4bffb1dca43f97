import { expect, it } from 'vitest';
import { validate } from '../../src/answer/validate.ts';
import { ScoutError } from '../../src/errors.ts';
import { scoutQuery } from '../../src/tools/scout-query.ts';
import { scoutRead } from '../../src/tools/scout-read.ts';

function refusal(tool: { name: string; input: typeof scoutRead.input }, args: unknown): ScoutError {
  try {
    validate(tool.name, tool.input, args);
  } catch (error) {
    if (error instanceof ScoutError && error.code === 'invalid_argument') return error;
    throw error;
  }
  throw new Error('it was taken');
}

it('gives what the schema takes', () => {
  expect(validate('scout_query', scoutQuery.input, { hosts: 'a', command: 'ls' })).toEqual({
    hosts: 'a',
    command: 'ls',
  });
});

it('names an unknown argument, and lists the known ones', () => {
  const { message, fix } = refusal(scoutQuery, { hosts: 'a', command: 'ls', comand: 'x' });
  expect(message).toBe('scout_query: unknown argument "comand"');
  expect(fix).toBe('Its arguments are: hosts, command, cwd?, timeout_s?.');
});

it('names what is missing, and what has the wrong type', () => {
  expect(refusal(scoutQuery, undefined).message).toBe('scout_query: hosts is missing; command is missing');
  expect(refusal(scoutQuery, { hosts: 5, command: 'ls' }).message).toMatch(
    /^scout_query: hosts: .*expected string/,
  );
  expect(refusal(scoutRead, { targets: ['a:/', 5] }).message).toMatch(
    /^scout_read: targets\.1: .*expected string/,
  );
  expect(refusal(scoutRead, { targets: 'a:/' }).message).toMatch(/^scout_read: targets: .*expected array/);
  expect(refusal(scoutRead, { targets: ['a:/'], offset: 0 }).message).toContain('lines count from 1');
});

it.each([[5], ['text'], [[]], [null]])('refuses %j for arguments', (args) => {
  expect(() => validate('scout_query', scoutQuery.input, args)).toThrow(ScoutError);
});

it('stays short and on one line for 1 MiB of arguments, and is quick', () => {
  const startedMs = performance.now();
  const big = 'x'.repeat(1024 ** 2);
  const keys = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`${'y'.repeat(90)}\n\u001b[2J${index}`, 1]),
  );
  for (const args of [{ hosts: big, command: big }, { hosts: 'a', command: 'ls', [big]: 1 }, { ...keys }]) {
    const { message } = refusal(scoutQuery, args);
    expect(message.length).toBeLessThan(500);
    expect(message).toMatch(/^[\x20-\x7e…]*$/);
  }
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});
