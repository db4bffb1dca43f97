import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { isBelow } from '../../src/local/byte-path.ts';
import { type Attempt, denied, leadOut, noFiles, noPlaces } from './escape-attempts.ts';
import { type Ground, makeGround } from './ground.ts';

const refused = [...leadOut, ...noPlaces, ...noFiles, ...denied];

/** Refused all the same, though the system itself would let them come to nothing, here at least. */
const harmless = new Map([
  ['the root in capitals', 'this file system tells letters apart'],
  ['the root in full-width letters', 'this file system tells letters apart'],
  ['another user by name', 'only a shell expands it'],
  ['the root by way of /proc/self/root', 'leads into the root'],
  ['a link to the root by /proc/self/root', 'leads into the root'],
  ['/dev/stdin', 'a socket, which nobody can open'],
  ['a link to /dev/stdin', 'a socket, which nobody can open'],
  ['a link to /dev/tty', 'there is no terminal'],
  ['a socket', 'nobody can open one'],
  ['a block device', 'there may be no driver for it'],
  ['nothing', 'no path'],
  ['a zero byte at the end', 'no path'],
  ['.. that stays', 'leads into the root'],
  ['a name too long', 'no path'],
  ['a path too long', 'no path'],
]);

test('the corpus has 60 attempts and more that would succeed without a guard, and those that would not are known', () => {
  const titles = refused.map(([title]) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles).toEqual(expect.arrayContaining([...harmless.keys()]));
  const failing = titles.filter((_, index) => !succeeds(refused[index] as Attempt)); // below the length
  expect(failing.filter((title) => !harmless.has(title))).toEqual([]);
  expect(titles.length - failing.length).toBeGreaterThanOrEqual(60);
});

/** Whether a program that opens what it is told gets out, opens what is no file, or reads what is denied. */
function succeeds(attempt: Attempt): boolean {
  const ground = makeGround();
  const [, prepare] = attempt;
  const opened = open(ground, prepare(ground));
  if (!opened) return false;
  const isOutside = !isBelow(opened.place, ground.root);
  return isOutside || !opened.isFile || denied.includes(attempt);
}

/** Without waiting for anybody. What is not there is made, if that is beside the root. */
function open({ base, root }: Ground, text: string): { place: string; isFile: boolean } | undefined {
  const path = text && resolve(root, text.replace(/^~(?=\/|$)/, homedir()));
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_CREAT } = constants;
  try {
    const isNew = path.startsWith(base) && !existsSync(path);
    const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | (isNew ? O_CREAT : 0));
    const facts = fstatSync(file);
    const place = readlinkSync(`/proc/self/fd/${file}`);
    closeSync(file);
    if (isNew) rmSync(place);
    return { place, isFile: facts.isFile() || facts.isDirectory() };
  } catch {
    return undefined;
  }
}
