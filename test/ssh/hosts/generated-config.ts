// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what ssh_config(5) writes for a variable
import fc from 'fast-check';
import type { ConfigFiles, Lookup } from './ssh-oracle.ts';

/** Names that lookups and patterns share, so that patterns match often. */
const hosts = [
  'a',
  'b',
  'web1',
  'web2',
  'Web1',
  'db.lan.test',
  'alias',
  'bare',
  'real.lan.test',
  '10.0.0.7',
  '127.1',
];
const patterns = [
  ...hosts,
  '*',
  'web?',
  'w*',
  '*.lan.test',
  '10.0.*',
  '!b',
  '!web2',
  '!*.test',
  '?',
  '*e*b*1',
];
const identities = [
  '~/.ssh/k1',
  '~/.ssh/%r@%h-%n-%p',
  '%d/.ssh/%%x',
  '/keys/${LAB_NAME}',
  '~daemon/id',
  '~/k_%i_%u_%k',
  'none',
];
const commands = ['nc %h %p', 'ssh -W %h:%p "gate %r" # no comment', "sh -c 'x %n %k'", 'none', '= proxy'];
const jumps = [
  'j1',
  'u@j1:2200,j2',
  'ssh://u@j3:22',
  'none',
  'a',
  '[2001:db8::1]:22',
  'j1,u@web1:99',
  '1.2.3.4',
];
const cnames = ['none', '*', '*.lan.test:*.lan.test', 'x:y alias.lan.test:real.lan.test'];
const ciphers = [
  'aes128-ctr',
  'aes256-gcm@openssh.com,aes128-ctr',
  '+aes128-cbc',
  '-aes*',
  '^aes256-ctr',
  '-nope',
  'aes128-ctr,,x',
];
const keyTypes = [
  'ssh-ed25519',
  '+ssh-rsa',
  '-ecdsa*',
  '^rsa-sha2-512',
  'ssh-*',
  'rsa-sha2-*,ssh-ed25519',
  '+ssh-dss,ssh-rsa',
];
const flags = ['yes', 'no', 'true', 'FALSE', 'Yes'];
const times = ['0', '10', '30s', '1m', '1h30m', '2D', 'none'];

/** Keywords with the values that are tried. */
const values: Readonly<Record<string, readonly string[]>> = {
  HostName: ['h1', '%h.lan.test', 'REAL.lan.test', '10.1.2.3', '2001:DB8:0::1', '%%x', 'web1', 'db%h'],
  User: ['bob', 'root', '"two words"', '%u', "o'brien'"],
  Port: ['22', '2222', '65535', 'ssh', '+7'],
  IdentityFile: identities,
  CertificateFile: ['~/.ssh/k-cert.pub', '/c/%h-cert.pub', '~/.ssh/k-cert.pub'],
  IdentitiesOnly: flags,
  IdentityAgent: ['none', 'SSH_AUTH_SOCK', '$LAB_SOCKET', '${LAB_SOCKET}', '~/agent-%r'],
  ProxyJump: jumps,
  ProxyCommand: commands,
  UserKnownHostsFile: ['~/.ssh/kh', '~/kh1 ~/kh2', 'none', '/k/%h-%k', '"~/k h" /b'],
  GlobalKnownHostsFile: ['/etc/kh', '/etc/kh1 "/etc/kh 2"', 'none'],
  KnownHostsCommand: ['/bin/kh %H %t', 'none', '/bin/kh'],
  HostKeyAlias: ['Alias', 'other', '%h'],
  StrictHostKeyChecking: [...flags, 'ask', 'accept-new', 'off'],
  HostKeyAlgorithms: keyTypes,
  PubkeyAcceptedAlgorithms: keyTypes,
  KexAlgorithms: ['curve25519-sha256', '-diffie*', '+diffie-hellman-group1-sha1', '^ecdh-sha2-nistp256'],
  Ciphers: ciphers,
  MACs: ['hmac-sha2-256', '+hmac-md5', '-umac*', '^hmac-sha1-96'],
  ConnectTimeout: times,
  ServerAliveInterval: times,
  ServerAliveCountMax: ['0', '3'],
  ConnectionAttempts: ['1', '3'],
  AddressFamily: ['any', 'inet', 'INET6'],
  BindAddress: ['127.0.0.1', '::1'],
  BindInterface: ['lo', 'eth0'],
  Compression: ['yes', 'no', 'YES'],
  PreferredAuthentications: ['publickey', 'publickey,password'],
  GSSAPIAuthentication: flags,
  PubkeyAuthentication: [...flags, 'unbound', 'host-bound'],
  PKCS11Provider: ['/lib/x.so', 'none'],
  ControlPath: ['~/.ssh/cm-%C', 'none', '/tmp/%r@%h:%p', '~/%L-%l-%i', '${LAB_NAME}/x'],
  ControlMaster: ['auto', 'no', 'ask', 'autoask', 'yes'],
  ControlPersist: ['yes', 'no', '60', '10m', '0'],
  CanonicalizeHostname: ['yes', 'no', 'always'],
  CanonicalDomains: ['lan.test', 'no.test lan.test', 'none', 'LAN.test.'],
  CanonicalizeMaxDots: ['0', '1', '2'],
  CanonicalizeFallbackLocal: ['yes', 'yes'],
  CanonicalizePermittedCNAMEs: cnames,
  CheckHostIP: flags,
  HashKnownHosts: flags,
  TCPKeepAlive: flags,
  KeepAlive: flags,
  BatchMode: ['yes', 'no'],
  UpdateHostKeys: ['yes', 'no', 'ask'],
  VerifyHostKeyDNS: ['yes', 'no', 'ask'],
  SendEnv: ['LANG', 'LC_* X', '-LC_*'],
  SetEnv: ['A=1 B="two words"', 'A=1 A=2'],
  RekeyLimit: ['1G 1h', 'default none', '500M'],
  ForwardAgent: ['yes', 'no'],
  LogLevel: ['DEBUG1', 'quiet'],
  EscapeChar: ['none', '~', '^a'],
  LocalForward: ['8080 localhost:80', '127.0.0.1:8080 [::1]:80'],
  DynamicForward: ['1080', 'localhost:1080'],
  RequestTTY: ['force', 'auto', 'no'],
  IgnoreUnknown: ['FooBar', 'foo*,Use*', '*'],
  Protocol: ['2', '1,2'],
  Cipher: ['blowfish'],
  DSAAuthentication: flags,
  TunnelDevice: ['any', '1:2', '3'],
  AddKeysToAgent: ['yes', 'confirm', 'confirm 5m', '90', 'ask'],
  IPQoS: ['af21 cs1', 'lowdelay', 'none'],
};

/** Values that ssh refuses. */
const faults: Readonly<Record<string, readonly string[]>> = {
  HostName: ['%x'],
  Port: ['0', '65536', '99x'],
  IdentityAgent: ['$bad-name', '${LAB_NAME'],
  Ciphers: ['nope', '+nope'],
  ConnectTimeout: ['1x', '-1'],
  ServerAliveCountMax: ['x', '-1'],
  ConnectionAttempts: ['0', '1.5'],
  AddressFamily: ['inet4'],
  Compression: ['true'],
  CanonicalizeHostname: ['none'],
  CanonicalDomains: ['none x', '.bad'],
  SendEnv: ['A=b'],
  SetEnv: ['bad'],
  RekeyLimit: ['5', 'x'],
  LogLevel: ['LOUD'],
  EscapeChar: ['ab'],
  LocalForward: ['8080', 'x y'],
  TunnelDevice: ['x:1'],
  AddKeysToAgent: ['x y'],
  IPQoS: ['x'],
  StreamLocalBindMask: ['9'],
  UserKnownHostsFile: ['none x'],
  MACs: ['x'],
  KexAlgorithms: ['ecdh*'],
  ControlPersist: ['x'],
  CanonicalizePermittedCNAMEs: ['x', 'none x'],
  User: ['bob extra', '""'],
  IdentitiesOnly: ['maybe'],
  HostKeyAlgorithms: ['nope*'],
  ProxyJump: ['@j1', 'j1:0', 'j1,,j2', 'ssh://a/b'],
  IdentityFile: ['a b', "'open"],
  ControlPath: ['%x', '${NOT_SET}'],
  FooBar: ['x', '"y z"'],
  CanonicalizeFallbackLocal: ['no'],
};

const criteria: readonly string[] = [
  ...hosts.slice(0, 6).flatMap((host) => [`host ${host}`, `originalhost ${host}`]),
  'host *.lan.test,!db*',
  'host=real.lan.test',
  'user bob',
  'user root,!bob',
  'localuser root',
  'localuser nobody',
  'final',
  'canonical',
  'exec true',
  'exec "exit 3"',
  'exec "test %h = a -o %n = web1"',
  'exec "test %p = 22 -a %r = root -a %u = root -a %i = 0"',
  'exec "echo %C | grep -q ^[0-9a]"',
  'EXEC "test %k = h1"',
];

/** Faults are drawn rarely, or nearly every file would be refused as a whole. */
const keywordAndValue = fc.oneof(
  { weight: 150, arbitrary: oneOf(values) },
  { weight: 1, arbitrary: oneOf(faults) },
);

function oneOf(table: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<readonly [string, string]> {
  const pairs = Object.entries(table).flatMap(([keyword, list]) =>
    list.map((value) => [keyword, value] as const),
  );
  return fc
    .constantFrom(...Object.keys(table))
    .chain((keyword) => fc.constantFrom(...pairs.filter(([name]) => name === keyword)));
}

const setting = fc
  .tuple(
    keywordAndValue,
    fc.constantFrom(' ', '\t', '=', ' = ', '  ', ' =\t'),
    fc.constantFrom('plain', 'plain', 'plain', 'quoted', 'comment', 'upper', 'lower'),
    fc.constantFrom('', '  ', '\t'),
  )
  .map(([[keyword, value], separator, style, indent]) => {
    const name =
      style === 'upper' ? keyword.toUpperCase() : style === 'lower' ? keyword.toLowerCase() : keyword;
    const isWord = !/[\s"']/.test(value);
    const text = style === 'quoted' && isWord ? `"${value}"` : style === 'comment' ? `${value} # why` : value;
    return `${indent}${name}${separator}${text}`;
  });

const hostLine = fc
  .array(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 })
  .map((list) => `Host ${list.join(' ')}`);

const matchLine = fc
  .tuple(fc.array(fc.constantFrom(...criteria), { minLength: 1, maxLength: 3 }), fc.array(fc.boolean()))
  .map(([list, negated]) => `Match ${list.map((item, at) => (negated[at] ? `!${item}` : item)).join(' ')}`);

const includeLine = fc.constantFrom(
  'Include one',
  'Include conf.d/*',
  'Include conf.d/*.conf one',
  'Include nowhere/*',
);
const oddLine = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      '',
      '# comment',
      '   # User no',
      '\t',
      'Host # none',
      'Match all',
      'Match final all',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'Host',
      'User "open',
      'Host ""',
      'Match all x',
      'Match',
      'Match what x',
      'Match exec "%x"',
    ),
  },
);

function body(includes: boolean): fc.Arbitrary<string> {
  const line = fc.oneof(
    { weight: 12, arbitrary: setting },
    { weight: 5, arbitrary: hostLine },
    { weight: 3, arbitrary: matchLine },
    { weight: includes ? 2 : 0, arbitrary: includeLine },
    { weight: 1, arbitrary: oddLine },
  );
  return fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\n', '\n', '\r\n'), fc.boolean())
    .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ''));
}

/** Configurations with Includes and a host to look up. */
export const generatedLookup: fc.Arbitrary<Lookup> = fc
  .record({
    config: body(true),
    one: body(true),
    'conf.d/10-a.conf': body(false),
    'conf.d/20-b': body(false),
    host: fc.constantFrom(...hosts),
  })
  .map(({ host, ...files }) => ({ host, files: files satisfies ConfigFiles }));
