import { parseJumps } from './jump-spec.ts';
import type { Arguments, ReadValue } from './keyword-values.ts';
import { portOf, readChoice, secondsOf, wholeNumber } from './keyword-values.ts';
import { lowerAscii } from './pattern.ts';
import { LineProblem } from './problem.ts';
import { expandVariables } from './tokens.ts';

/** The hops as written, without comment: `none`, or a list that parses. */
export const readJump: ReadValue = (given) => {
  const text = given.text.replace(/^[ \t=]+/, '');
  parseJumps(text);
  given.consume();
  return [text];
};

/** A socket path, `none`, `SSH_AUTH_SOCK` or `$NAME`; what looks like a variable must be one. */
export const readAgent: ReadValue = (given) => [agentPath(given, given.required())];

export const readForwardAgent: ReadValue = (given) => {
  const word = given.required();
  const flag = { yes: 'yes', true: 'yes', no: 'no', false: 'no' }[lowerAscii(word)];
  return [flag ?? agentPath(given, word)];
};

function agentPath({ env }: Arguments, word: string): string {
  if (/^\$(?!\{)/.test(word) && !/^\$\w+$/.test(word)) {
    throw new LineProblem(`invalid environment name ${JSON.stringify(word)}`);
  }
  expandVariables(word, env); // once it is used; ssh refuses it here, also for a host that it does not concern
  return word;
}

export const readEnvironmentNames: ReadValue = (given) => {
  const names = given.rest();
  if (names.some((name) => name.includes('='))) throw new LineProblem('invalid environment name');
  return names;
};

/** `NAME=value` words; of one name the first counts. */
export const readEnvironment: ReadValue = (given) => {
  const kept = new Map<string, string>();
  for (const word of given.rest()) {
    const equals = word.indexOf('=');
    if (equals < 0) throw new LineProblem('SetEnv needs NAME=value');
    const name = word.slice(0, equals);
    if (!kept.has(name)) kept.set(name, word);
  }
  return kept.size > 0 ? [...kept.values()] : undefined;
};

export const readCanonicalDomains: ReadValue = (given) => {
  const domains = given.rest().map(lowerAscii);
  if (domains.length > 1 && domains.includes('none')) throw new LineProblem('"none" must appear alone');
  for (const domain of domains) {
    if (!/^[a-z0-9](?!.*\.\.)[a-z0-9._-]*$/.test(domain)) {
      throw new LineProblem(`invalid domain name ${JSON.stringify(domain)}`);
    }
  }
  return domains.length > 0 ? domains.map((domain) => domain.replace(/\.$/, '')) : undefined;
};

/** Rules `sources:targets` (pattern lists), `*` for all, or `none`. */
export const readPermittedNames: ReadValue = (given) => {
  const rules: string[] = [];
  for (let word = given.next(); word !== undefined; word = given.next()) {
    if (lowerAscii(word) === 'none') {
      if (rules.length > 0 || given.hasMore) throw new LineProblem('"none" must appear alone');
      return ['none'];
    }
    if (word !== '*' && !/^[^:]*:.+$/.test(word)) {
      throw new LineProblem(`invalid permitted CNAME ${JSON.stringify(word)}`);
    }
    rules.push(word === '*' ? '*:*' : lowerAscii(word));
  }
  return rules.length > 0 ? rules : undefined;
};

/** `no`, `yes` (no time limit), or seconds. */
export const readControlPersist: ReadValue = (given) => {
  const word = given.required();
  if (word === 'no' || word === 'false') return ['no'];
  if (word === 'yes' || word === 'true') return ['yes'];
  const seconds = secondsOf(word);
  if (seconds === undefined) throw new LineProblem('bad ControlPersist argument');
  return [seconds === 0 ? 'yes' : String(seconds)];
};

export const readAddKeys: ReadValue = (given) => {
  const word = given.required();
  const lifetime = given.next();
  const choice = { yes: 'true', true: 'true', no: 'false', false: 'false', ask: 'ask', confirm: 'confirm' }[
    lowerAscii(word)
  ];
  const seconds = secondsOf(choice ? (lifetime ?? '0') : word);
  if (seconds === undefined || (lifetime !== undefined && choice !== 'confirm')) {
    throw new LineProblem('unsupported option');
  }
  if (!choice) return [seconds === 0 ? 'true' : String(seconds)];
  return [seconds === 0 ? choice : `${choice} ${seconds}`];
};

export const readLogLevel: ReadValue = readChoice({
  silent: 'SILENT',
  quiet: 'SILENT',
  fatal: 'FATAL',
  error: 'ERROR',
  info: 'INFO',
  verbose: 'VERBOSE',
  debug: 'DEBUG',
  debug1: 'DEBUG',
  debug2: 'DEBUG2',
  debug3: 'DEBUG3',
});

export const readEscape: ReadValue = (given) => {
  const word = given.required();
  if (word === 'none' || Buffer.byteLength(word) === 1 || /^\^[@-\x7f]$/.test(word)) return [word];
  throw new LineProblem('bad escape character');
};

const serviceClass =
  /^(none|af[1-4][123]|cs[0-7]|ef|le|va|lowdelay|throughput|reliability|\d+|0x[0-9a-f]+)$/i;

export const readQualityOfService: ReadValue = (given) => {
  const interactive = given.required();
  const bulk = given.next() ?? interactive;
  for (const word of [interactive, bulk]) {
    if (!serviceClass.test(word) || Number(word) > 255) throw new LineProblem('bad IPQoS value');
  }
  return [`${lowerAscii(interactive)} ${lowerAscii(bulk)}`];
};

/** Bytes (with K, M, G, T, P, E) or `default`, then seconds or `none`. */
export const readRekeyLimit: ReadValue = (given) => {
  const word = given.required();
  const size = /^\+?(\d+(?:\.\d+)?)([bkmgtpe]?)$/i.exec(word);
  if (word !== 'default' && !size) throw new LineProblem(`bad number ${JSON.stringify(word)}`);
  const scale = 'bkmgtpe'.indexOf(lowerAscii(size?.[2] || 'b'));
  const bytes = size ? Math.trunc(Number(size[1]) * 1024 ** scale) : 0;
  if (bytes !== 0 && bytes < 16) throw new LineProblem('RekeyLimit too small');
  const interval = given.next();
  const seconds = interval === undefined || interval === 'none' ? 0 : secondsOf(interval);
  if (seconds === undefined) throw new LineProblem('invalid time value');
  return [`${bytes} ${seconds}`];
};

export const readMask: ReadValue = (given) => {
  const octal = /^0?([0-7]{1,3})$/.exec(given.required());
  if (!octal) throw new LineProblem('bad mask');
  return [`0${Number.parseInt(octal[1] ?? '', 8).toString(8)}`];
};

export const readTunnelDevice: ReadValue = (given) => {
  const [local = '', remote = 'any', ...more] = given.required().split(':');
  const devices = [local, remote].map((word) =>
    /^any$/i.test(word) ? 'any' : wholeNumber(word, 0x7ffffffd),
  );
  if (more.length > 0 || devices.includes(undefined)) throw new LineProblem('bad tun device');
  return [devices.join(':')];
};

/** A forwarding is never honoured here; it is checked because ssh refuses a configuration that has a bad one. */
export function readForwarding(kind: 'local' | 'remote' | 'dynamic'): ReadValue {
  return (given) => {
    const listen = given.required();
    const target = kind === 'dynamic' ? undefined : given.next();
    if (kind === 'local' && !target) throw new LineProblem('missing target argument');
    const isEnd = (text: string, listens: boolean) => isForwardEnd(expandVariables(text, given.env), listens);
    if (!isEnd(listen, true) || (target && !isEnd(target, false))) {
      throw new LineProblem('bad forwarding specification');
    }
    return [target ? `${listen} ${target}` : listen];
  };
}

/** `[address:]port` or a socket path; a listening end may leave the address out. */
function isForwardEnd(text: string, listens: boolean): boolean {
  if (text.includes('/')) return true;
  const parts = /^(?:(\[[^\]]*\]|[^:]*):)?([^:]+)$/.exec(text);
  if (!parts || (!listens && parts[1] === undefined)) return false;
  return portOf(parts[2] ?? '') !== undefined;
}
