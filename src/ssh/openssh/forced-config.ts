import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { keepaliveOf } from '../connection/keepalive.ts';
import { splitArguments } from '../hosts/arguments.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { StrictHostKeyChecking } from '../known-hosts/host-key-policy.ts';

export interface ConfigChoice {
  /** Used alone, as `ssh -F` does; undefined: ~/.ssh/config, then /etc/ssh/ssh_config. */
  readonly configFile: string | undefined;
  /** SCOUT_KNOWN_HOSTS: used instead of the configured files and KnownHostsCommand. */
  readonly knownHosts: string | undefined;
  /** SCOUT_STRICT_HOST_KEY_CHECKING: used instead of the configured rule. */
  readonly strictHostKeyChecking: StrictHostKeyChecking | undefined;
}

/**
 * The ssh_config(5) text that `ssh -F` is given: what must be, whatever the user's files say, then those files.
 * The first value of a keyword wins, and ssh hands its -F on to the jumps, so that it holds for every hop; options
 * of the command line would hold for the last one only.
 */
export function forcedConfig(settings: HostSettings, choice: ConfigChoice): string {
  const { intervalMs, countMax } = keepaliveOf(settings);
  return [
    ...never,
    // OpenSSH before 8.7 does not know it, and then nobody's configuration has it
    ...(settings.all.get('forkafterauthentication')?.[0] === 'yes' ? ['ForkAfterAuthentication no'] : []),
    `ServerAliveInterval ${Math.ceil(intervalMs / 1_000)}`,
    `ServerAliveCountMax ${countMax}`,
    ...hostKeyRules(choice),
    ...userLines(choice.configFile),
    '',
  ].join('\n');
}

/** No question, nothing forwarded, nothing run or written here, no second master. */
const never = [
  'BatchMode yes',
  'ForwardAgent no',
  'ForwardX11 no',
  'ClearAllForwardings yes',
  'PermitLocalCommand no',
  'RemoteCommand none',
  'RequestTTY no',
  'Tunnel no',
  'UpdateHostKeys no',
  'AddKeysToAgent no',
  'ControlMaster no',
  'ControlPersist no',
  'VisualHostKey no',
];

function hostKeyRules({ knownHosts, strictHostKeyChecking }: ConfigChoice): string[] {
  const files = knownHosts === undefined ? undefined : quoted(knownHosts.replaceAll('%', '%%'));
  return [
    ...(files === undefined
      ? []
      : [`UserKnownHostsFile ${files}`, 'GlobalKnownHostsFile /dev/null', 'KnownHostsCommand none']),
    ...(strictHostKeyChecking === undefined ? [] : [`StrictHostKeyChecking ${strictHostKeyChecking}`]),
  ];
}

/**
 * A file that is named is here as it is, for `ssh -F` takes any; to Include it would look below ~/.ssh for a relative
 * path, take its `*` for a pattern, and refuse it where others may write it.
 */
function userLines(configFile: string | undefined): string[] {
  if (configFile !== undefined) return [readFileSync(configFile, 'utf8')];
  return [`Include ${quoted(join(userInfo().homedir, '.ssh', 'config'))}`, systemText()];
}

/** What the system's file includes by a relative path is below /etc/ssh for it alone: ssh takes our file for a user's. */
function systemText(): string {
  const file = '/etc/ssh/ssh_config';
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').replace(
    /^([ \t]*include[ \t=]+)(.*)/gim,
    (_, keyword: string, paths: string) => {
      const absolute = splitArguments(paths)?.map((path) => quoted(resolve('/etc/ssh', path)));
      return `${keyword}${absolute?.join(' ') ?? paths}`;
    },
  );
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
