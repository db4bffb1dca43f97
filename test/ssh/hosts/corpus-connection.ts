import type { CorpusCase } from './ssh-oracle.ts';

/** What decides how to connect: host keys, algorithms, times, routes. */
export const connectionCorpus: readonly CorpusCase[] = [
  {
    name: 'strict host key checking words',
    files: {
      config:
        'Host y\n StrictHostKeyChecking yes\nHost t\n StrictHostKeyChecking TRUE\nHost n\n StrictHostKeyChecking accept-new\nHost o\n StrictHostKeyChecking off\nHost a\n StrictHostKeyChecking ask\n',
    },
    hosts: ['y', 't', 'n', 'o', 'a'],
  },
  {
    name: 'strict host key checking nonsense',
    files: { config: 'StrictHostKeyChecking perhaps\n' },
    hosts: ['a'],
  },
  {
    name: 'known hosts none',
    files: { config: 'UserKnownHostsFile none\nGlobalKnownHostsFile none\n' },
    hosts: ['a'],
  },
  { name: 'known hosts none with more', files: { config: 'UserKnownHostsFile none ~/x\n' }, hosts: ['a'] },
  {
    name: 'known hosts first line wins whole',
    files: { config: 'UserKnownHostsFile ~/a ~/b\nUserKnownHostsFile ~/c\nGlobalKnownHostsFile /g1 /g2\n' },
    hosts: ['a'],
  },
  {
    name: 'host key alias in lower case',
    files: { config: 'HostKeyAlias Web.Example\nUserKnownHostsFile ~/%k\n' },
    hosts: ['a'],
  },
  {
    name: 'known hosts command keeps its tokens',
    files: { config: 'KnownHostsCommand /bin/kh %H %I %K %t %f # all\n' },
    hosts: ['a'],
  },
  { name: 'known hosts command none', files: { config: 'KnownHostsCommand none\n' }, hosts: ['a'] },
  {
    name: 'key types by sign and wildcard',
    files: {
      config:
        'Host plus\n HostKeyAlgorithms +ssh-rsa\nHost minus\n HostKeyAlgorithms -ecdsa*,*cert*\nHost head\n PubkeyAcceptedAlgorithms ^rsa-sha2-256,ssh-ed25519\nHost wild\n PubkeyAcceptedAlgorithms rsa-sha2-*\nHost all\n HostKeyAlgorithms *\n',
    },
    hosts: ['plus', 'minus', 'head', 'wild', 'all'],
  },
  {
    name: 'key types by their old keyword',
    files: { config: 'PubkeyAcceptedKeyTypes +ssh-dss\n' },
    hosts: ['a'],
  },
  { name: 'unknown key type', files: { config: 'HostKeyAlgorithms ssh-nothing\n' }, hosts: ['a'] },
  {
    name: 'unknown key types may be taken away',
    files: { config: 'HostKeyAlgorithms -ssh-nothing\n' },
    hosts: ['a'],
  },
  { name: 'nothing left of the ciphers', files: { config: 'Ciphers -*\n' }, hosts: ['a'] },
  {
    name: 'ciphers in place, added, taken, first',
    files: {
      config:
        'Host p\n Ciphers aes128-ctr,aes256-ctr\nHost q\n Ciphers +3des-cbc,aes128-ctr\nHost r\n Ciphers -aes???-gcm*\nHost s\n Ciphers ^aes256-gcm@openssh.com\n',
    },
    hosts: ['p', 'q', 'r', 's'],
  },
  { name: 'unknown cipher', files: { config: 'Ciphers aes128-ctr,nope\n' }, hosts: ['a'] },
  { name: 'wildcard cipher', files: { config: 'Ciphers aes*\n' }, hosts: ['a'] },
  {
    name: 'macs',
    files: {
      config: 'Host p\n MACs hmac-sha2-512,hmac-sha2-256\nHost q\n MACs +hmac-md5\nHost r\n MACs -*etm*\n',
    },
    hosts: ['p', 'q', 'r'],
  },
  {
    name: 'key exchange',
    files: {
      config:
        'Host p\n KexAlgorithms curve25519-sha256\nHost q\n KexAlgorithms +diffie-hellman-group1-sha1\nHost r\n KexAlgorithms -sntrup*,diffie*\n',
    },
    hosts: ['p', 'q', 'r'],
  },
  {
    name: 'times',
    files: {
      config:
        'Host p\n ConnectTimeout 1h30m\n ServerAliveInterval 2m\nHost q\n ConnectTimeout 1W\nHost r\n ConnectTimeout none\n ServerAliveInterval none\nHost *\n ServerAliveInterval 5\n ConnectTimeout 7\n',
    },
    hosts: ['p', 'q', 'r'],
  },
  { name: 'bad times', files: { config: 'ConnectTimeout 5x\n' }, hosts: ['a'] },
  { name: 'counts', files: { config: 'ConnectionAttempts 3\nServerAliveCountMax 0\n' }, hosts: ['a'] },
  { name: 'no attempt at all', files: { config: 'ConnectionAttempts 0\n' }, hosts: ['a'] },
  { name: 'a count that is none', files: { config: 'ServerAliveCountMax many\n' }, hosts: ['a'] },
  {
    name: 'address families',
    files: {
      config: 'Host p\n AddressFamily inet\nHost q\n AddressFamily INET6\nHost r\n AddressFamily any\n',
    },
    hosts: ['p', 'q', 'r'],
  },
  { name: 'bind', files: { config: 'BindAddress 127.0.0.1\nBindInterface lo\n' }, hosts: ['a'] },
  {
    name: 'compression',
    files: { config: 'Host p\n Compression YES\nHost q\n Compression true\n' },
    hosts: ['p', 'q'],
  },
  {
    name: 'methods',
    files: {
      config:
        'PreferredAuthentications publickey,keyboard-interactive\nGSSAPIAuthentication no\nPubkeyAuthentication host-bound\n',
    },
    hosts: ['a'],
  },
  { name: 'pkcs11 none', files: { config: 'PKCS11Provider none\n' }, hosts: ['a'] },
  { name: 'pkcs11 by its old keyword', files: { config: 'SmartcardDevice /x.so\n' }, hosts: ['a'] },
  {
    name: 'jump with user, port and address',
    files: {
      config:
        'Host p\n ProxyJump bob@[2001:db8::1]:2200\nHost q\n ProxyJump 10.0.0.1\nHost r\n ProxyJump ssh://bob@j:22/\nHost s\n ProxyJump j1,j2,u@j3:5 # three\n',
    },
    hosts: ['p', 'q', 'r', 's'],
  },
  {
    name: 'jump to itself',
    files: { config: 'Host a\n ProxyJump a\nHost b\n ProxyJump b:2222\n' },
    hosts: ['a', 'b'],
  },
  { name: 'jump that is none', files: { config: 'Host p\n ProxyJump @j\nHost q\n' }, hosts: ['p', 'q'] },
  { name: 'jump with a bad port', files: { config: 'ProxyJump j:70000\n' }, hosts: ['a'] },
  { name: 'jump list with a gap', files: { config: 'ProxyJump j1,,j2\n' }, hosts: ['a'] },
  {
    name: 'jump none and command',
    files: { config: 'Host a\n ProxyJump none\n ProxyCommand nc %h %p\n' },
    hosts: ['a'],
  },
  {
    name: 'command behind an equals sign and blanks',
    files: { config: 'ProxyCommand =  nc  %h   %p\n' },
    hosts: ['a'],
  },
  { name: 'command with an open quote', files: { config: 'ProxyCommand sh -c "x\n' }, hosts: ['a'] },
  { name: 'command that ends with a backslash', files: { config: 'ProxyCommand nc %h \\\n' }, hosts: ['a'] },
  {
    name: 'identities of both kinds in order',
    files: {
      config:
        'IdentityFile ~/b\nIdentityFile "~/a b"\nIdentityFile ~/b\nCertificateFile ~/c-%h-cert.pub\nIdentitiesOnly yes\n',
    },
    hosts: ['a'],
  },
  { name: 'batch mode', files: { config: 'BatchMode yes\n' }, hosts: ['a'] },
  {
    name: 'update host keys',
    files: { config: 'Host p\n UserKnownHostsFile ~/.ssh/known_hosts\nHost q\n VerifyHostKeyDNS ask\n' },
    hosts: ['p', 'q'],
  },
  {
    name: 'persist',
    files: {
      config:
        'Host p\n ControlPersist 10m\nHost q\n ControlPersist 0\nHost r\n ControlPersist yes\n ControlMaster auto\n',
    },
    hosts: ['p', 'q', 'r'],
  },
];
