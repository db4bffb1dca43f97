import { createHash } from 'node:crypto';
import { ScoutError } from '../../errors.ts';
import { toRemoteLine } from '../../remote-text.ts';
import { assembleAlgorithms } from './algorithm-list.ts';
import { type AlgorithmNames, cipherNames, kexNames, keyNames, macNames } from './algorithm-names.ts';
import { canonicalHost } from './canonical-host.ts';
import { readConfiguration } from './config-reading.ts';
import { parseJumps } from './jump-spec.ts';
import { connectionTokens, lastHop, Pass } from './pass.ts';
import { printedSettings } from './printed-settings.ts';
import { configError, LineProblem } from './problem.ts';
import type { HostSettings } from './settings.ts';
import type { Source } from './source.ts';
import { expandTilde, expandTokens, type Tokens } from './tokens.ts';
import { Values } from './values.ts';

/** What the command line of `ssh` would say besides the name. */
export interface Given {
  readonly user?: string;
  readonly port?: number;
  /** ProxyJump as text, used instead of the configured one. */
  readonly proxyJump?: string;
}

/**
 * The effective settings of a host name, as `ssh -G` works them out: one reading of the files, the host name made
 * canonical, a second reading where the configuration asks for one, defaults, tokens. Throws ScoutError
 * `invalid_argument` for what ssh refuses, `dns_failed`, or the signal's reason.
 */
export async function effectiveSettings(
  alias: string,
  given: Given,
  source: Source,
  signal: AbortSignal,
): Promise<HostSettings> {
  try {
    const values = presetValues(given);
    const first = new Pass(source, values, { alias, host: alias, isFinal: false });
    await readConfiguration(first);
    const host = await canonicalHost(first, signal);
    const mode = values.effective('canonicalizehostname')?.[0];
    if (first.wantsFinal || mode !== 'false') {
      values.beginFinal(host);
      await readConfiguration(new Pass(source, values, { alias, host, isFinal: true }));
    }
    return settle(alias, host, values, source);
  } catch (error) {
    if (error instanceof LineProblem) throw configError(JSON.stringify(alias), error.message);
    throw error;
  }
}

function presetValues(given: Given): Values {
  const values = new Values();
  if (given.user !== undefined) values.preset('user', given.user);
  if (given.port !== undefined) values.preset('port', String(given.port));
  if (given.proxyJump !== undefined) values.preset('proxyjump', given.proxyJump);
  return values;
}

function settle(alias: string, host: string, values: Values, source: Source): HostSettings {
  const { system, homeDir, env } = source;
  const user = values.first('user') ?? system.user;
  const port = values.effective('port')?.[0] ?? '22';
  const keyAlias = values.first('hostkeyalias')?.toLowerCase();
  const proxyJump = parseJumps(values.first('proxyjump') ?? 'none');
  checkSane(host, user, port, values);
  checkAllowed(alias, values);
  const jumpHost = lastHop(values)?.host ?? '';
  const tokens = connectionTokens(source, { alias, host, keyAlias: keyAlias ?? alias, port, user, jumpHost });
  const path = (text: string) =>
    expandTokens(
      expandTilde(text, homeDir, (name) => system.homeOf(name)),
      tokens,
      env,
    );
  const tilde = (text: string) => expandTilde(text, homeDir, (name) => system.homeOf(name));
  const all = printedSettings({ alias, host, user, keyAlias, values, system, path });
  const one = (name: string) => all.get(name)?.[0];
  const files = (name: string) => (values.all(name) ?? []).filter((text) => !/^none$/i.test(text)).map(path);
  const named = values.all('identityfile');
  const list = (name: string, names: AlgorithmNames) =>
    values.first(name) === undefined ? undefined : assembleAlgorithms(values.first(name), names);
  const settings: Omit<HostSettings, 'alias' | 'fingerprint'> = {
    hostName: host,
    user,
    port: Number(port),
    identityFiles: named ? files('identityfile') : (all.get('identityfile') ?? []).map(path),
    identityFilesAreExplicit: named !== undefined,
    certificateFiles: files('certificatefile'),
    identitiesOnly: one('identitiesonly') === 'yes',
    identityAgent: agentSocket(values.first('identityagent'), path, env),
    proxyJump,
    proxyCommand: proxyCommand(values, tokens),
    userKnownHostsFiles: hostFiles(all.get('userknownhostsfile')),
    globalKnownHostsFiles: hostFiles(all.get('globalknownhostsfile')).map(tilde),
    knownHostsCommand: values.unlessNone('knownhostscommand'),
    hostKeyAlias: keyAlias,
    checkHostIp: one('checkhostip') === 'yes',
    hashKnownHosts: one('hashknownhosts') === 'yes',
    strictHostKeyChecking: strictness(one('stricthostkeychecking')),
    hostKeyAlgorithms: list('hostkeyalgorithms', keyNames),
    hostKeyOrderIsGiven: /^[^+-]/.test(values.first('hostkeyalgorithms') ?? ''),
    kexAlgorithms: list('kexalgorithms', kexNames),
    ciphers: list('ciphers', cipherNames),
    macs: list('macs', macNames),
    pubkeyAcceptedAlgorithms: list('pubkeyacceptedalgorithms', keyNames),
    preferredAuthentications: values.first('preferredauthentications')?.split(','),
    pubkeyAuthentication: one('pubkeyauthentication') !== 'false',
    gssapiAuthentication: one('gssapiauthentication') === 'yes',
    pkcs11Provider: values.unlessNone('pkcs11provider'),
    controlPath: one('controlpath'),
    compression: one('compression') === 'yes',
    addressFamily: addressFamily(one('addressfamily')),
    bindAddress: values.first('bindaddress'),
    bindInterface: values.first('bindinterface'),
    connectTimeoutMs: seconds(values.first('connecttimeout')),
    connectionAttempts: Number(one('connectionattempts')),
    serverAliveIntervalMs: seconds(one('serveraliveinterval')),
    serverAliveCountMax: Number(one('serveralivecountmax')),
    tcpKeepAlive: one('tcpkeepalive') === 'yes',
    all,
  };
  return { alias, ...settings, fingerprint: fingerprintOf(settings) };
}

/** What ssh refuses only once it has read everything. */
function checkSane(host: string, user: string, port: string, values: Values): void {
  if (Number(values.effective('connectionattempts')?.[0]) < 1) {
    throw new LineProblem('invalid number of ConnectionAttempts');
  }
  const hop = lastHop(values);
  if (hop && hop.host === host && (hop.port ?? 22) === Number(port) && (hop.user ?? user) === user) {
    throw new LineProblem(`jump host loop via ${hop.host}`);
  }
}

/** A configuration may forbid a host, since OpenSSH 10.3. */
function checkAllowed(alias: string, values: Values): void {
  const why = values.unlessNone('refuseconnection');
  if (why === undefined) return;
  throw new ScoutError(
    'invalid_argument',
    `the ssh configuration refuses connections to ${alias}: ${toRemoteLine(why)}`,
    'Ask for another host, or change RefuseConnection in the ssh configuration.',
  );
}

function proxyCommand(values: Values, tokens: Tokens): string | undefined {
  const command = lastHop(values) ? undefined : values.unlessNone('proxycommand');
  if (command === undefined) return undefined;
  const { h = '', k = '', n = '', p = '', r = '' } = tokens;
  return expandTokens(command, { h, k, n, p, r });
}

/** IdentityAgent: a path, `none`, `SSH_AUTH_SOCK` or `$NAME`; without one the socket of the environment. */
function agentSocket(
  written: string | undefined,
  path: (text: string) => string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const socket = written === undefined ? 'SSH_AUTH_SOCK' : path(written);
  if (socket === 'none') return undefined;
  if (socket === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || undefined;
  return /^\$(?!\{)/.test(socket) ? env[socket.slice(1)] || undefined : socket;
}

function hostFiles(printed: readonly string[] | undefined): readonly string[] {
  return (printed ?? []).filter((file) => !/^none$/i.test(file));
}

function strictness(printed: string | undefined): HostSettings['strictHostKeyChecking'] {
  if (printed === 'true') return 'yes';
  if (printed === 'false') return 'no';
  return printed === 'accept-new' ? 'accept-new' : 'ask';
}

function addressFamily(printed: string | undefined): HostSettings['addressFamily'] {
  return printed === 'inet' || printed === 'inet6' ? printed : 'any';
}

function seconds(text: string | undefined): number {
  return text === undefined ? 0 : Number(text) * 1_000;
}

function fingerprintOf(settings: Omit<HostSettings, 'alias' | 'fingerprint'>): string {
  const all = [...settings.all].filter(([name]) => name !== 'host');
  return createHash('sha256')
    .update(JSON.stringify({ ...settings, all }))
    .digest('hex');
}
