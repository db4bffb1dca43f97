import { type ErrorCode, ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { acceptance } from '../known-hosts/host-key-error.ts';

interface Rule {
  readonly seen: RegExp;
  readonly code: ErrorCode;
  readonly what: (place: Place) => string;
  readonly fix: (place: Place) => string;
}

interface Place {
  /** The host itself or one of its jumps, as the start of a sentence. */
  readonly who: string;
  readonly alias: string;
  /** What a person runs to accept the key. */
  readonly accept: string;
  /** The key that the server showed, where ssh told. */
  readonly key: string;
  /** What of the line that the rule found is known words, in brackets: a server may have said the rest. */
  readonly why: string;
}

/**
 * Why `ssh` made no connection, from what it printed (LogLevel DEBUG1 for the host, less for its jumps), in words
 * of our own: banners and reasons of servers stand among its lines, and go to the log.
 */
export function masterFailure(
  settings: HostSettings,
  lines: readonly string[],
  knownHosts: string | undefined,
): ScoutError {
  const { alias, proxyCommand, proxyJump } = settings;
  const reachedHost = lines.some((line) => line.startsWith('debug1: Remote protocol version'));
  const isProxied = proxyCommand !== undefined || proxyJump.length > 0;
  const said = lines.filter((line) => !line.startsWith('debug'));
  const jumps = proxyJump.map(({ host }) => host).join(', ');
  const who = isProxied && !reachedHost && jumps !== '' ? `${alias}: the way to it (${jumps})` : alias;
  const cause = new Error(said.join('\n'));
  for (const { seen, code, what, fix } of rules) {
    const line = said.find((text) => seen.test(text));
    if (line === undefined) continue;
    const place = {
      who,
      alias,
      accept: acceptance(alias, knownHosts),
      key: reachedHost ? shownKey(lines) : 'a key',
      why: known(line),
    };
    return new ScoutError(code, what(place), fix(place), cause);
  }
  if (isProxied && !reachedHost) {
    const how = proxyCommand === undefined ? `a jump (${jumps})` : 'its ProxyCommand';
    const fix = `Run \`ssh -v ${alias} true\` by hand and look at what it prints.`;
    return new ScoutError('proxy_failed', `${alias}: ${how} gave no connection`, fix, cause);
  }
  return new ScoutError(
    'unreachable',
    `${alias}: ssh ended before it was connected`,
    `Run \`ssh -v ${alias} true\` by hand and look at what it prints.`,
    cause,
  );
}

/** The server dropped the connection before it had said anything, as MaxStartups of sshd_config(5) does it. */
export function wasDropped(error: unknown): boolean {
  if (!(error instanceof ScoutError) || error.code !== 'unreachable') return false;
  const said = error.cause instanceof Error ? error.cause.message : '';
  return dropped.test(said) && !jumpIsDown.test(said);
}

/** The `ssh` of a jump made no connection, and so the one to the host ends in the same way. */
const jumpIsDown = /^ssh: (connect to|Could not resolve) /m;
const dropped = /^kex_exchange_identification: (Connection closed|read: Connection reset)/m;
const compare = ({ accept }: Place) =>
  `Compare the fingerprint with the one that the machine itself prints (\`ssh-keygen -l\`). Only if they are equal: run ${accept} once and follow what it says.`;
const knownWords =
  /Permission denied \((?:publickey|password|keyboard-interactive|hostbased|gssapi-keyex|gssapi-with-mic|,)+\)|Too many authentication failures|Connection refused|No route to host|Network is unreachable|no matching (?:cipher|MAC|compression|host key|key exchange)/;
const closed = /(timed out|timeout)/i;

/** In order: a line of a higher rule is the reason for what the later ones find. */
const rules: readonly Rule[] = [
  {
    seen: /REVOKED HOST KEY DETECTED|was revoked and you have requested strict/,
    code: 'host_key_revoked',
    what: ({ who, key }) => `${who} showed ${key}, which known_hosts marks as revoked`,
    fix: () =>
      'Do not connect: the key is known to be stolen or withdrawn. Ask the host’s owner which key it has now.',
  },
  {
    seen: /REMOTE HOST IDENTIFICATION HAS CHANGED|has changed and you have requested strict/,
    code: 'host_key_changed',
    what: ({ who, key }) =>
      `${who} showed ${key}, but known_hosts has another key for it: the host was reinstalled, or somebody is in between`,
    fix: compare,
  },
  {
    seen: /Host key verification failed|host key is known for .* strict checking/,
    code: 'host_key_unknown',
    what: ({ who, key }) => `${who} showed ${key}, which no known_hosts file has`,
    fix: compare,
  },
  {
    seen: /Permission denied \(|Too many authentication failures|no more authentication methods/i,
    code: 'auth_failed',
    what: ({ who, why }) => `${who} refused the login${why}`,
    fix: ({ alias }) =>
      `Run \`ssh -o BatchMode=yes -v ${alias} true\`: it lists the identities that were offered. Add the public key of one of them to authorized_keys there, or get the ticket or token that the login needs.`,
  },
  {
    seen: /Could not resolve hostname/,
    code: 'dns_failed',
    what: ({ who }) => `${who}: its name has no address`,
    fix: ({ alias }) =>
      `Correct HostName of ${alias} (or of its jump) in the ssh configuration, or the resolver of this machine.`,
  },
  {
    seen: closed,
    code: 'connect_timeout',
    what: ({ who }) => `${who} did not answer in time`,
    fix: () => 'Check that the machine is up and that no firewall drops its port.',
  },
  {
    seen: /connect to (host|address) .* port \d+: |Network is unreachable|No route to host/,
    code: 'unreachable',
    what: ({ who, why }) => `${who} cannot be reached${why}`,
    fix: () => 'Check HostName and Port, that sshd runs there, and the network or VPN.',
  },
  {
    seen: /Unable to negotiate|no matching .* found/,
    code: 'unreachable',
    what: ({ who, why }) => `${who}: the key exchange failed${why}`,
    fix: () =>
      'Allow an algorithm that both sides have, in the ssh configuration or in sshd_config (`ssh -vv` shows them).',
  },
  {
    seen: /Bad configuration option|terminating, \d+ bad|Bad owner or permissions|: line \d+: /i,
    code: 'invalid_argument',
    what: ({ alias }) => `${alias}: ssh refuses the configuration`,
    fix: ({ alias }) => `Correct what \`ssh -G ${alias}\` complains of.`,
  },
];

function known(line: string): string {
  const [words] = knownWords.exec(line) ?? [];
  return words === undefined ? '' : ` (${words})`;
}

function shownKey(lines: readonly string[]): string {
  const told = lines.map((line) => /^debug1: Server host key: ([\w@.-]+ SHA256:[\w+/]+)$/.exec(line)?.[1]);
  const key = told.find((text) => text !== undefined);
  return key === undefined ? 'a key' : `the key ${key}`;
}
