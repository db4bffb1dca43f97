import { isPrefix } from '../addresses.ts';
import type { Program } from '../grammar.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

/** Global options by the spellings that are taken, and the one that is printed. */
const globals: Readonly<Record<string, string>> = {
  '4': '-4',
  '6': '-6',
  '0': '-0',
  s: '-statistics',
  stats: '-statistics',
  statistics: '-statistics',
  d: '-details',
  details: '-details',
  j: '-json',
  json: '-json',
  p: '-pretty',
  pretty: '-pretty',
  o: '-oneline',
  oneline: '-oneline',
  br: '-brief',
  brief: '-brief',
  c: '-color',
  color: '-color',
  h: '-human-readable',
  human: '-human-readable',
  iec: '-iec',
  V: '-Version',
};

const objects: Readonly<Record<string, string>> = {
  a: 'address',
  addr: 'address',
  address: 'address',
  l: 'link',
  link: 'link',
  r: 'route',
  route: 'route',
  n: 'neighbour',
  neigh: 'neighbour',
  neighbor: 'neighbour',
  neighbour: 'neighbour',
  rule: 'rule',
  maddr: 'maddress',
  maddress: 'maddress',
  netns: 'netns',
};

interface Words {
  readonly flags: readonly string[];
  /** Each with the next word: an address where `addresses` names it, else a name. */
  readonly valued: readonly string[];
  /** What a word stands for that is none of these. */
  readonly other?: 'dev' | 'address';
}

const words: Readonly<Record<string, Words>> = {
  address: {
    flags: 'up dynamic permanent tentative deprecated primary secondary temporary'.split(' '),
    valued: ['dev', 'scope', 'to', 'type', 'master', 'vrf', 'group'],
    other: 'dev',
  },
  link: { flags: ['up'], valued: ['dev', 'type', 'master', 'vrf', 'group'], other: 'dev' },
  route: {
    flags: ['default', 'cache'],
    valued: 'dev table proto scope type via src root match exact to vrf'.split(' '),
    other: 'address',
  },
  'route get': { flags: [], valued: ['from', 'dev', 'oif', 'iif', 'to'], other: 'address' },
  neighbour: { flags: ['proxy', 'unused'], valued: ['dev', 'nud', 'to', 'vrf'], other: 'address' },
  rule: { flags: [], valued: [] },
  maddress: { flags: [], valued: ['dev'], other: 'dev' },
  netns: { flags: [], valued: [] },
};

const addresses = ['to', 'via', 'src', 'root', 'match', 'exact', 'from'];
const shows = ['show', 'list', 'ls'];

/** ip(8), showing only. Objects are printed in full, for ip takes any beginning of a word for the word. */
export const ip: Program = { name: 'ip', read: readIp };

function readIp(args: readonly Word[]): readonly string[] {
  for (const word of args) if (word.glob || word.tilde) throw refused(word, 'a pattern or path');
  const first = args.findIndex(({ value }) => !value.startsWith('-'));
  const options = (first < 0 ? args : args.slice(0, first)).map(readGlobal);
  const [object, verb, ...rest] = first < 0 ? [] : args.slice(first);
  if (!object) {
    if (options.length === 1 && options[0] === '-Version') return options;
    throw new Refused('ip', 'an object must be named', 'ip address, ip -s link, ip route');
  }
  const name = Object.hasOwn(objects, object.value) ? objects[object.value] : undefined;
  if (name === undefined) throw refused(object, 'not an object that is known to be harmless');
  const isGet = name === 'route' && verb?.value === 'get';
  if (verb && !isGet && !shows.includes(verb.value)) {
    throw refused(verb, 'only show is harmless, and is not abbreviated');
  }
  note(object, `object: ${name}`);
  if (verb) note(verb, `what to do with it: ${isGet ? 'get' : 'show'}`);
  const shown = name === 'netns' ? 'list' : isGet ? 'get' : 'show';
  const table = words[isGet ? 'route get' : name] ?? { flags: [], valued: [] };
  return [...options, name, shown, ...readRest(rest, table)];
}

function readGlobal(word: Word): string {
  const printed = /^--?(\w+)$/.exec(word.value)?.[1] ?? '';
  const option = Object.hasOwn(globals, printed) ? globals[printed] : undefined;
  if (option === undefined) {
    throw refused(word, 'not among the options known to be harmless (-b runs a file, -n enters a network)');
  }
  note(word, `option ${option}, takes no value`);
  return option;
}

function readRest(rest: readonly Word[], table: Words): readonly string[] {
  const printed: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at];
    if (!word) break;
    const { value } = word;
    note(word, roleOf(value, table));
    if (table.flags.includes(value)) printed.push(value);
    else if (table.valued.includes(value)) {
      const next = rest[++at];
      if (!next) throw refused(word, 'its value is missing');
      const fits = addresses.includes(value) ? isAddress(next.value) : isName(next.value);
      if (!fits) throw refused(next, `not a value for ${value}`);
      note(next, `value of ${value}: ${addresses.includes(value) ? 'an address' : 'a name or number'}`);
      printed.push(value, next.value);
    } else if (table.other === 'dev' && isName(value)) printed.push('dev', value);
    else if (table.other === 'address' && isPrefix(value)) printed.push(value);
    else throw refused(word, 'not a word that is known here, in full; names of hosts are not resolved');
  }
  return printed;
}

function roleOf(value: string, table: Words): string {
  if (table.flags.includes(value)) return `which ones: ${value}`;
  if (table.valued.includes(value)) return `which ones, by ${value}`;
  return table.other === 'dev' ? 'operand: the name of a device' : 'operand: an address';
}

function isAddress(value: string): boolean {
  return value === 'default' || isPrefix(value);
}

/** The longest name of a device is 15 bytes, and `bond0.100@eth0` is how ip prints one. */
function isName(value: string): boolean {
  return /^[A-Za-z0-9_][\w.:-]{0,30}$/.test(value);
}

function refused(word: Word, reason: string): Refused {
  return new Refused(
    word,
    reason,
    '`ip address show`, `ip -br link show`, `ip -s link show dev eth0`, `ip route show`, `ip route get 10.0.0.1`, `ip neigh show`',
  );
}
