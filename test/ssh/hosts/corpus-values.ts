// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what ssh_config(5) writes for a variable
import { networkInterfaces } from 'node:os';
import type { CorpusCase } from './ssh-oracle.ts';

/** Of an interface that has a link-local address; where none has, the name of one stands for it. */
const interfaceIndex =
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.scopeid)?.scopeid ?? 'lo';

/** What values become: defaults, tokens, tilde, variables, agents. */
export const valuesCorpus: readonly CorpusCase[] = [
  {
    name: 'identityfile multi',
    files: {
      config:
        'Host a\n IdentityFile ~/.ssh/k1\n IdentityFile ~/.ssh/k2\nHost *\n IdentityFile ~/.ssh/k3\n IdentityFile ~/.ssh/k1\n',
    },
    hosts: ['a'],
  },
  {
    name: 'identityfile none',
    files: { config: 'Host a\n IdentityFile none\nHost *\n IdentityFile ~/.ssh/k3\n' },
    hosts: ['a'],
  },
  {
    name: 'identityfile tokens',
    files: {
      config:
        'Host a\n HostName real.host\n User bob\n Port 2200\n IdentityFile ~/.ssh/%r@%h-%n-%p-%u-%d\n IdentityFile %d/.ssh/%%x\n',
    },
    hosts: ['a'],
  },
  {
    name: 'certfile',
    files: { config: 'Host a\n CertificateFile ~/.ssh/k-cert.pub\n CertificateFile ~/.ssh/k2-cert.pub\n' },
    hosts: ['a'],
  },
  { name: 'hostname token', files: { config: 'Host *.x\n HostName %h.example.com\n' }, hosts: ['a.x'] },
  {
    name: 'hostname token2',
    files: { config: 'Host web*\n HostName %h.example.com\nMatch host *.example.com\n User fromfinal\n' },
    hosts: ['web1'],
  },
  {
    name: 'proxycommand tokens',
    files: {
      config: 'Host a\n HostName r\n User bob\n ProxyCommand ssh -W %h:%p "gate %r" # not a comment\n',
    },
    hosts: ['a'],
  },
  {
    name: 'proxycommand quotes',
    files: { config: 'Host a\n ProxyCommand sh -c "nc \'%h\' %p"\n' },
    hosts: ['a'],
  },
  {
    name: 'proxycommand equals',
    files: { config: 'Host a\n ProxyCommand=nc -X connect -x p=1:2 %h %p\n' },
    hosts: ['a'],
  },
  {
    name: 'proxyjump',
    files: { config: 'Host a\n ProxyJump u@j1:2200,j2\nHost *\n ProxyJump none\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'proxyjump none',
    files: { config: 'Host a\n ProxyJump none\nHost *\n ProxyJump j1\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'proxyjump vs command',
    files: { config: 'Host a\n ProxyCommand none\nHost *\n ProxyJump j1\n' },
    hosts: ['a'],
  },
  {
    name: 'proxycmd then jump',
    files: { config: 'Host a\n ProxyCommand nc %h %p\n ProxyJump j1\n' },
    hosts: ['a'],
  },
  {
    name: 'jump then cmd',
    files: { config: 'Host a\n ProxyJump j1\n ProxyCommand nc %h %p\n' },
    hosts: ['a'],
  },
  { name: 'hostkeyalias', files: { config: 'Host a\n HostKeyAlias zz\n' }, hosts: ['a'] },
  {
    name: 'env',
    files: {
      config:
        'Host a\n IdentityFile ${HOME}/.ssh/${LABVAR}\n IdentityAgent ${LABSOCK}\n UserKnownHostsFile ${HOME}/kh %d/kh2\n',
    },
    hosts: ['a'],
  },
  { name: 'ukhf', files: { config: 'Host a\n UserKnownHostsFile ~/.ssh/kh1 "~/.ssh/kh 2"\n' }, hosts: ['a'] },
  {
    name: 'setenv sendenv',
    files: { config: 'Host a\n SendEnv FOO BAR*\n SetEnv A=1 B="two words"\nHost *\n SendEnv BAZ\n' },
    hosts: ['a'],
  },
  {
    name: 'ciphers plus',
    files: { config: 'Host a\n Ciphers ^aes128-ctr\n HostKeyAlgorithms +ssh-rsa\n KexAlgorithms -diffie*\n' },
    hosts: ['a'],
  },
  {
    name: 'bool forms',
    files: {
      config:
        'Host a\n ForwardAgent true\n IdentitiesOnly TRUE\n StrictHostKeyChecking off\n Compression Yes\n',
    },
    hosts: ['a'],
  },
  {
    name: 'time forms',
    files: { config: 'Host a\n ConnectTimeout 1m\n ServerAliveInterval 30s\n ServerAliveCountMax 2\n' },
    hosts: ['a'],
  },
  { name: 'user percent', files: { config: 'Host a\n User %u-x\n' }, hosts: ['a'] },
  {
    name: 'ipv6',
    files: { config: 'Host six\n HostName 2001:db8::1\nHost 2001:*\n User v6\n' },
    hosts: ['six', '2001:db8::1'],
  },
  {
    name: 'controlpath C',
    files: { config: 'Host a\n ControlPath ~/.ssh/cm-%C\n ControlMaster auto\n' },
    hosts: ['a'],
  },
  {
    name: 'knownhostscommand',
    files: { config: 'Host a\n KnownHostsCommand /bin/kh %H %t\n' },
    hosts: ['a'],
  },
  {
    name: 'addkeys pkcs11',
    files: { config: 'Host a\n PKCS11Provider /x.so\n AddKeysToAgent confirm\n' },
    hosts: ['a'],
  },
  {
    name: 'hostname is lower case unless an address',
    files: { config: 'Host a\n HostName UPPER.Example\n' },
    hosts: ['a', 'MiXed'],
  },
  {
    name: 'addresses in their usual spelling',
    files: {
      config:
        'Host s\n HostName 127.1\nHost o\n HostName 010.0.0.1\nHost v6\n HostName 2001:DB8:0:0::1\nHost m\n HostName ::ffff:1.2.3.4\nHost i6\n HostName 127.0.0.1\n AddressFamily inet6\n',
    },
    hosts: ['s', 'o', 'v6', 'm', 'i6', '1.2.3.4', '2130706433'],
  },
  { name: 'hostname with another token', files: { config: 'Host a\n HostName %p.x\n' }, hosts: ['a'] },
  {
    name: 'every token in a control path',
    files: {
      config:
        'Host a\n HostName h1\n User bob\n Port 99\n HostKeyAlias KK\n ControlPath /t/%h-%n-%p-%r-%u-%d-%i-%L-%l-%k-%%-%C\n',
    },
    hosts: ['a'],
  },
  {
    name: 'control path hash with a jump',
    files: { config: 'Host a\n ProxyJump j1\n ControlPath ~/%C\n' },
    hosts: ['a'],
    since: 906,
  },
  {
    name: 'jump token',
    files: { config: 'Host a\n ProxyJump u@j1:22\n ControlPath ~/%j\nHost b\n ControlPath ~/x%j\n' },
    hosts: ['a', 'b'],
    since: 906,
  },
  {
    name: 'control path none',
    files: { config: 'Host a\n ControlPath none\nHost *\n ControlPath ~/x\n' },
    hosts: ['a'],
  },
  { name: 'control path with unknown token', files: { config: 'Host a\n ControlPath ~/%q\n' }, hosts: ['a'] },
  {
    name: 'control path with unset variable',
    files: { config: 'Host a\n ControlPath ~/${NOT_SET_HERE}\n' },
    hosts: ['a'],
  },
  {
    name: 'tilde of another user',
    files: { config: 'Host a\n UserKnownHostsFile ~daemon/kh ~/kh\n' },
    hosts: ['a'],
  },
  {
    name: 'tilde of nobody there',
    files: { config: 'Host a\n UserKnownHostsFile ~nosuchuserhere/kh\n' },
    hosts: ['a'],
  },
  {
    name: 'identity agent forms',
    files: {
      config:
        'Host none\n IdentityAgent none\nHost sock\n IdentityAgent SSH_AUTH_SOCK\nHost var\n IdentityAgent $LAB_SOCKET\nHost braces\n IdentityAgent ${LAB_SOCKET}\nHost tilde\n IdentityAgent ~/agent-%h\n',
    },
    hosts: ['none', 'sock', 'var', 'braces', 'tilde', 'other'],
  },
  { name: 'identity agent with a bad name', files: { config: 'IdentityAgent $bad-name\n' }, hosts: ['a'] },
  {
    name: 'agent by a variable that is not set, for another host',
    files: { config: 'Host b\n IdentityAgent ${UNSET}\n' },
    hosts: ['a'],
  },
  {
    name: 'agent forwarding by a variable that is not set, for another host',
    files: { config: 'Host b\n ForwardAgent ${UNSET}\n' },
    hosts: ['a'],
  },
  { name: 'agent forwarding by an unknown token', files: { config: 'ForwardAgent /run/%x\n' }, hosts: ['a'] },
  {
    name: 'agent forwarding by tokens and variables',
    files: { config: 'ForwardAgent /run/%u/${LAB_NAME}\n' },
    hosts: ['a'],
  },
  {
    name: 'forwarding by a variable that is not set, for another host',
    files: { config: 'Host b\n RemoteForward /run/${UNSET} /run/s\n' },
    hosts: ['a'],
  },
  {
    name: 'forwarding by a variable that is no port',
    files: { config: 'Host b\n RemoteForward ${LAB_NAME} localhost:80\n' },
    hosts: ['a'],
  },
  {
    name: 'forwarding by a variable',
    files: { config: 'LocalForward /run/${LAB_NAME} /run/${LAB_NAME}.2\nRemoteForward 80 ${LAB_NAME}:80\n' },
    hosts: ['a'],
  },
  {
    name: 'IPv6 address with a zone',
    files: {
      config: `Host a\n HostName FE80:0::1%%lo\nHost b\n HostName fe80::1%%${interfaceIndex}\nHost c\n HostName fe80::1%lo\n`,
    },
    hosts: ['a', 'b', 'c', 'fe80:0::1%lo'],
  },
];
