import { cipherNames, kexNames, keyNames, macNames, signatureNames } from './algorithm-names.ts';
import type { ReadValue } from './keyword-values.ts';
import {
  readAlgorithms,
  readChoice,
  readCommand,
  readFlag,
  readInteger,
  readPort,
  readText,
  readTime,
  readWords,
} from './keyword-values.ts';
import {
  readAddKeys,
  readAgent,
  readCanonicalDomains,
  readControlPersist,
  readEnvironment,
  readEnvironmentNames,
  readEscape,
  readForwardAgent,
  readForwarding,
  readJump,
  readLogLevel,
  readMask,
  readPermittedNames,
  readQualityOfService,
  readRekeyLimit,
  readTunnelDevice,
} from './special-values.ts';

/** How a keyword of ssh_config(5) is read, and how a later line adds to an earlier one. */
export interface Keyword {
  /** The name `ssh -G` prints. */
  readonly name: string;
  readonly read: ReadValue;
  /** `first`: the first value counts. `append`: all values count, without duplicates. Others have own rules. */
  readonly merge: 'first' | 'append' | 'sendenv' | 'proxyjump';
  /** What `ssh -G` prints when the configuration says nothing; undefined: nothing, or it depends. */
  readonly fallback?: readonly string[];
}

const yes = ['yes'];
const no = ['no'];
/** `ssh -G` prints the first word it has for a value, and that is not always the word of the manual. */
const trueFalse = { true: 'true', yes: 'true', false: 'false', no: 'false' };
const orAsk = { ...trueFalse, ask: 'ask' };
const family = { inet: 'inet', inet6: 'inet6', any: 'any' };
const hostKeyChecking = { ...orAsk, off: 'false', 'accept-new': 'accept-new' };
const pubkey = { ...trueFalse, unbound: 'unbound', 'host-bound': 'host-bound' };
const master = { ...orAsk, auto: 'auto', autoask: 'autoask' };
const tunnel = {
  ...trueFalse,
  yes: 'point-to-point',
  true: 'point-to-point',
  'point-to-point': 'point-to-point',
  ethernet: 'ethernet',
};
const terminal = { ...trueFalse, force: 'force', auto: 'auto' };
const session = { none: 'none', subsystem: 'subsystem', default: 'default' };
const digest = { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA256', sha384: 'SHA384', sha512: 'SHA512' };
const facility = ['DAEMON', 'USER', 'AUTH', 'AUTHPRIV', ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `LOCAL${n}`)];

const table: readonly Keyword[] = [
  first('user', readText),
  first('hostname', readText),
  first('port', readPort, ['22']),
  first('addressfamily', readChoice(family), ['any']),
  first('batchmode', readFlag, no),
  first('canonicalizefallbacklocal', readFlag, yes),
  first('canonicalizehostname', readChoice({ ...trueFalse, always: 'always' }), ['false']),
  first('checkhostip', readFlag, no),
  first('compression', readChoice({ yes: 'yes', no: 'no' }), no),
  first('controlmaster', readChoice(master), ['false']),
  first('enablesshkeysign', readFlag, no),
  first('clearallforwardings', readFlag, no),
  first('exitonforwardfailure', readFlag, no),
  first('fingerprinthash', readChoice(digest), ['SHA256']),
  first('forwardx11', readFlag, no),
  first('forwardx11trusted', readFlag),
  first('gatewayports', readFlag, no),
  first('gssapiauthentication', readFlag, no),
  first('gssapidelegatecredentials', readFlag, no),
  first('hashknownhosts', readFlag, no),
  first('hostbasedauthentication', readFlag, no),
  first('identitiesonly', readFlag, no),
  first('kbdinteractiveauthentication', readFlag, yes),
  first('nohostauthenticationforlocalhost', readFlag, no),
  first('passwordauthentication', readFlag, yes),
  first('permitlocalcommand', readFlag, no),
  first('proxyusefdpass', readFlag, no),
  first('pubkeyauthentication', readChoice(pubkey), ['true']),
  first('requesttty', readChoice(terminal), ['auto']),
  first('sessiontype', readChoice(session), ['default']),
  first('stdinnull', readFlag, no),
  first('forkafterauthentication', readFlag, no),
  first('streamlocalbindunlink', readFlag, no),
  first('stricthostkeychecking', readChoice(hostKeyChecking), ['ask']),
  first('tcpkeepalive', readFlag, yes),
  first('tunnel', readChoice(tunnel), ['false']),
  first('verifyhostkeydns', readChoice(orAsk), ['false']),
  first('visualhostkey', readFlag, no),
  first('updatehostkeys', readChoice(orAsk)),
  first('enableescapecommandline', readFlag, no),
  first('canonicalizemaxdots', readInteger, ['1']),
  first('connectionattempts', readInteger, ['1']),
  first('forwardx11timeout', readTime, ['1200']),
  first('numberofpasswordprompts', readInteger, ['3']),
  first('serveralivecountmax', readInteger, ['3']),
  first('serveraliveinterval', readTime),
  first('requiredrsasize', readInteger, ['1024']),
  first('bindaddress', readText),
  first('bindinterface', readText),
  first('ciphers', readAlgorithms(cipherNames)),
  first('controlpath', readText),
  first('hostkeyalgorithms', readAlgorithms(keyNames)),
  first('hostkeyalias', readText),
  first('hostbasedacceptedalgorithms', readAlgorithms(keyNames)),
  first('identityagent', readAgent),
  first('ignoreunknown', readText),
  first('kbdinteractivedevices', readText),
  first('kexalgorithms', readAlgorithms(kexNames)),
  first('casignaturealgorithms', readAlgorithms(signatureNames)),
  first('localcommand', readCommand),
  first('remotecommand', readCommand),
  first('loglevel', readLogLevel, ['INFO']),
  first('macs', readAlgorithms(macNames)),
  first('pkcs11provider', readText),
  first('securitykeyprovider', readText, ['internal']),
  first('preferredauthentications', readText),
  first('pubkeyacceptedalgorithms', readAlgorithms(keyNames)),
  first('revokedhostkeys', readText),
  first('xauthlocation', readText, ['/usr/bin/xauth']),
  first('knownhostscommand', readCommand),
  { name: 'dynamicforward', read: readForwarding('dynamic'), merge: 'append' },
  { name: 'localforward', read: readForwarding('local'), merge: 'append' },
  { name: 'remoteforward', read: readForwarding('remote'), merge: 'append' },
  { name: 'identityfile', read: readText, merge: 'append' },
  first('canonicaldomains', readCanonicalDomains, ['none']),
  { name: 'certificatefile', read: readText, merge: 'append' },
  first('globalknownhostsfile', readWords, ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
  first('userknownhostsfile', readWords, ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
  { name: 'sendenv', read: readEnvironmentNames, merge: 'sendenv' },
  first('setenv', readEnvironment),
  first('logverbose', readWords, ['none']),
  first('permitremoteopen', readWords, ['any']),
  first('addkeystoagent', readAddKeys, ['false']),
  first('forwardagent', readForwardAgent, no),
  first('connecttimeout', readTime, ['none']),
  first('tunneldevice', readTunnelDevice, ['any:any']),
  first('canonicalizepermittedcnames', readPermittedNames, ['none']),
  first('controlpersist', readControlPersist, no),
  first('escapechar', readEscape, ['~']),
  first('ipqos', readQualityOfService),
  first('rekeylimit', readRekeyLimit, ['0 0']),
  first('streamlocalbindmask', readMask, ['0177']),
  first('syslogfacility', readChoice(Object.fromEntries(facility.map((f) => [f.toLowerCase(), f]))), [
    'USER',
  ]),
  first('proxycommand', readCommand),
  { name: 'proxyjump', read: readJump, merge: 'proxyjump' },
  // From here on: what newer clients and the patches of Debian and Apple know besides OpenSSH 9.2.
  first('tag', readText),
  first('obscurekeystroketiming', readText),
  first('channeltimeout', readWords),
  first('versionaddendum', readCommand),
  first('refuseconnection', readCommand),
  first('warnweakcrypto', readText),
  first('gssapikeyexchange', readFlag),
  first('gssapitrustdns', readFlag),
  first('gssapirenewalforcesrekey', readFlag),
  first('gssapiclientidentity', readText),
  first('gssapiserveridentity', readText),
  first('gssapikexalgorithms', readText),
  ...(process.platform === 'darwin' ? [first('usekeychain', readFlag)] : []),
];

const aliases: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  tisauthentication: 'kbdinteractiveauthentication',
  dsaauthentication: 'pubkeyauthentication',
  identityfile2: 'identityfile',
  keepalive: 'tcpkeepalive',
  hostbasedkeytypes: 'hostbasedacceptedalgorithms',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
  smartcarddevice: 'pkcs11provider',
};

/** Keywords that ssh reads over: ignored, deprecated or not supported any more. */
const withoutEffect = new Set([
  'protocol',
  'cipher',
  'fallbacktorsh',
  'globalknownhostsfile2',
  'rhostsauthentication',
  'userknownhostsfile2',
  'useroaming',
  'usersh',
  'useprivilegedport',
  'afstokenpassing',
  'kerberosauthentication',
  'kerberostgtpassing',
  'rsaauthentication',
  'rhostsrsaauthentication',
  'compressionlevel',
]);

const byName: ReadonlyMap<string, Keyword> = new Map(table.map((keyword) => [keyword.name, keyword]));

/** The keyword of that lower-case name, `ignored` where ssh reads over it, undefined where ssh knows no such. */
export function keywordNamed(name: string): Keyword | 'ignored' | undefined {
  if (withoutEffect.has(name)) return 'ignored';
  return byName.get(Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name);
}

/** Every keyword that has a value, in the order of the table. */
export function allKeywords(): readonly Keyword[] {
  return table;
}

function first(name: string, read: ReadValue, fallback?: readonly string[]): Keyword {
  return { name, read, merge: 'first', ...(fallback && { fallback }) };
}
