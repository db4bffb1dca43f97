import { lowerAscii } from '../hosts/pattern.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { AnotherWay } from './fetch-certificate.ts';
import { matchesHostField } from './host-field.ts';
import { hostKeyAlgorithms } from './host-key-algorithms.ts';
import { judgeCertificate } from './judge-certificate.ts';
import { judgeKey, judgeWithoutPort } from './judge-key.ts';
import { runKnownHostsCommand } from './known-hosts-command.ts';
import type { KnownHostsFiles } from './known-hosts-files.ts';
import { type KnownHostsLine, type KnownKey, readKey } from './known-hosts-line.ts';
import { fingerprintOf, keyTypeOf } from './public-key.ts';
import type { HostKeyVerdict } from './verdict.ts';

export interface HostKeySources {
  readonly files: KnownHostsFiles;
  /** SCOUT_KNOWN_HOSTS: a file used instead of the configured files and KnownHostsCommand. */
  readonly override?: string | undefined;
  /** For KnownHostsCommand. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** To ask the host for its certificate, where it is behind a jump or ProxyCommand. */
  readonly anotherWay?: (() => Promise<AnotherWay>) | undefined;
}

/** The keys that known_hosts files hold for one host, read once for one connection. */
export interface HostKeys {
  /** Public key algorithms for ssh2's `algorithms.serverHostKey`, in the order to offer. */
  readonly algorithms: readonly string[];
  /** Judge the key blob of RFC 4253 section 6.6. Rejects with the signal's reason, or as KnownHostsCommand does. */
  judge(blob: Buffer, signal: AbortSignal): Promise<HostKeyVerdict>;
}

/**
 * Read what is known of a host's keys, by the rules of ssh(1): sshd(8) SSH_KNOWN_HOSTS FILE FORMAT and
 * ssh_config(5). Rejects with `host_key_unknown` where KnownHostsCommand fails, or with the signal's reason.
 */
export async function loadHostKeys(
  settings: HostSettings,
  sources: HostKeySources,
  signal: AbortSignal,
): Promise<HostKeys> {
  const name = lookupName(settings);
  const { lines, problems } = await readLines(settings, sources);
  const command = sources.override === undefined ? settings.knownHostsCommand : undefined;
  const run = async (reason: 'ORDER' | 'HOSTNAME', abort: AbortSignal, blob?: Buffer) => {
    if (command === undefined) return [];
    const context = { command, reason, name, blob, settings, env: sources.env };
    return keysOf(await runKnownHostsCommand(context, abort), name);
  };
  const inFiles = keysOf(lines, name);
  // ssh(1), finding nothing under `[host]:port`, looks under the bare name, in files only.
  const bare =
    settings.hostKeyAlias === undefined && settings.port !== 22
      ? keysOf(lines, lowerAscii(settings.hostName))
      : [];
  const toOrder = [...inFiles, ...(await run('ORDER', signal))];

  return {
    algorithms: hostKeyAlgorithms(settings, toOrder),
    async judge(blob, abort) {
      const known = [...inFiles, ...(await run('HOSTNAME', abort, blob))];
      let decision = judgeKey(known, blob);
      if (decision.state === 'unknown') decision = judgeWithoutPort(bare, blob);
      if (decision.state === 'unknown' || decision.state === 'changed') {
        const all = [...known, ...bare];
        const hasAuthority = all.some((key) => key.marker === 'cert-authority');
        decision = (await judgeCertificate(all, settings, blob, abort, sources.anotherWay)) ?? {
          ...decision,
          ...(hasAuthority && { uncertified: true }),
        };
      }
      return { ...decision, ...describe(blob), lookupName: name, override: sources.override, problems };
    },
  };
}

/** The name under which ssh(1) looks a host's key up: HostKeyAlias, else `host` or `[host]:port`; lower case. */
function lookupName(settings: HostSettings): string {
  if (settings.hostKeyAlias !== undefined) return lowerAscii(settings.hostKeyAlias);
  const host = lowerAscii(settings.hostName);
  return settings.port === 22 ? host : `[${host}]:${settings.port}`;
}

/** The files that count, and the one that new keys go to first. */
function knownHostsPaths(settings: HostSettings, override: string | undefined): readonly string[] {
  if (override !== undefined) return [override];
  return [...settings.userKnownHostsFiles, ...settings.globalKnownHostsFiles];
}

function keysOf(lines: readonly KnownHostsLine[], name: string): KnownKey[] {
  const bytes = Buffer.from(name).toString('latin1'); // as the files were read
  return lines.flatMap((line) => (matchesHostField(line.hosts, bytes) ? (readKey(line) ?? []) : []));
}

async function readLines(settings: HostSettings, { files, override }: HostKeySources) {
  const paths = knownHostsPaths(settings, override);
  const read = await Promise.all(paths.map((path) => files.read(path)));
  return {
    lines: read.flatMap((file) => file.lines),
    problems: read.flatMap(({ problem }, index) => (problem ? `${paths[index]} (${problem})` : [])),
  };
}

function describe(blob: Buffer): Pick<HostKeyVerdict, 'blob' | 'fingerprint' | 'keyType'> {
  return { blob, fingerprint: fingerprintOf(blob), keyType: keyTypeOf(blob) };
}
