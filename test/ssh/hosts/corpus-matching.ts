import type { CorpusCase } from './ssh-oracle.ts';

/** Which sections apply: Host, Match, readings, canonical names. */
export const matchingCorpus: readonly CorpusCase[] = [
  {
    name: 'basic',
    files: { config: 'Host a\n HostName 1.2.3.4\n User bob\n Port 2222\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'first value wins',
    files: { config: 'Host a\n User one\nHost *\n User two\n Port 99\n' },
    hosts: ['a', 'z'],
  },
  {
    name: 'star at top',
    files: { config: 'Host *\n User two\nHost a\n User one\n HostName h\n' },
    hosts: ['a'],
  },
  { name: 'global before host', files: { config: 'User glob\nHost a\n User one\n' }, hosts: ['a'] },
  {
    name: 'keyword case',
    files: { config: 'host A\n hOsTnAmE x.example\nHOST b\n USER u\n' },
    hosts: ['A', 'a', 'b'],
  },
  {
    name: 'host case pattern',
    files: {
      config: 'Host Foo\n User u1\nMatch host foo\n Port 7\nMatch originalhost Foo\n Compression yes\n',
    },
    hosts: ['foo', 'Foo', 'FOO'],
  },
  { name: 'multi pattern', files: { config: 'Host a b c*\n User u\n' }, hosts: ['a', 'b', 'cde', 'd'] },
  {
    name: 'negated',
    files: { config: 'Host *.ex !bad.ex\n User u\nHost !only\n User neg\n' },
    hosts: ['ok.ex', 'bad.ex', 'other'],
  },
  { name: 'negated first', files: { config: 'Host !bad.ex *.ex\n User u\n' }, hosts: ['ok.ex', 'bad.ex'] },
  { name: 'qmark', files: { config: 'Host web?\n User u\n' }, hosts: ['web', 'web1', 'web12'] },
  { name: 'dot literal', files: { config: 'Host a.b\n User u\n' }, hosts: ['a.b', 'axb'] },
  { name: 'brackets literal', files: { config: 'Host web[12]\n User u\n' }, hosts: ['web1', 'web[12]'] },
  { name: 'quoted host list', files: { config: 'Host "a" "b c" d\n User u\n' }, hosts: ['a', 'd', 'b c'] },
  {
    name: 'match all',
    files: { config: 'Host a\n User u\nMatch all\n User m\n Port 3\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'match host hostname',
    files: {
      config:
        'Host a\n HostName real.example\nMatch host real.example\n User m1\nMatch originalhost a\n Port 4\nMatch host a\n Compression yes\n',
    },
    hosts: ['a', 'real.example'],
  },
  {
    name: 'match host lowercase hostname',
    files: { config: 'Host a\n hostname real.example\nMatch host real.example\n User m1\n' },
    hosts: ['a'],
  },
  {
    name: 'match user',
    files: { config: 'Host a\n User bob\nMatch user bob\n Port 5\nMatch user scoutlab\n Port 6\n' },
    hosts: ['a', 'b'],
  },
  { name: 'match localuser', files: { config: 'Match localuser scoutlab\n Port 5\n' }, hosts: ['a'] },
  {
    name: 'match multi',
    files: { config: 'Match host a,b user scoutlab\n Port 5\nMatch host a,!b,* user nobody\n Port 6\n' },
    hosts: ['a', 'b', 'c'],
  },
  {
    name: 'match negated crit',
    files: { config: 'Match !host a\n Port 5\nMatch host * !user bob\n Compression yes\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'match exec true',
    files: { config: 'Match exec "true"\n Port 5\nMatch exec "false"\n User no\n' },
    hosts: ['a'],
  },
  {
    name: 'match exec token',
    files: {
      config:
        'Match exec "test %h = a"\n Port 5\nMatch exec "test %n = a -a %r = scoutlab"\n Compression yes\n',
    },
    hosts: ['a', 'b'],
  },
  { name: 'match exec noquote', files: { config: 'Match host a exec true\n Port 5\n' }, hosts: ['a', 'b'] },
  { name: 'match negexec', files: { config: 'Match !exec "test -f /nonexistent"\n Port 5\n' }, hosts: ['a'] },
  {
    name: 'match final',
    files: { config: 'Host a\n HostName real.x\nMatch final host real.x\n User fin\n' },
    hosts: ['a'],
  },
  {
    name: 'match final host',
    files: { config: 'Host real.x\n Port 8\nHost a\n HostName real.x\nMatch final all\n User fin\n' },
    hosts: ['a'],
  },
  {
    name: 'match canonical',
    files: { config: 'Match canonical all\n User can\nHost a\n Port 3\n' },
    hosts: ['a'],
  },
  {
    name: 'canonicalize',
    files: {
      config:
        'CanonicalizeHostname yes\nCanonicalDomains lan.test\nCanonicalizeMaxDots 1\nHost *.lan.test\n User can\nMatch canonical all\n Port 3\n',
    },
    hosts: ['localhost', 'a'],
  },
  {
    name: 'canonicalize none domain',
    files: {
      config:
        'CanonicalizeHostname yes\nHost localhost\n User loc\nMatch canonical host localhost\n Port 44\n',
    },
    hosts: ['localhost'],
  },
  {
    name: 'match localnetwork',
    files: { config: 'Match localnetwork 127.0.0.0/8\n User ln\n' },
    hosts: ['a'],
    since: 904,
  },
  {
    name: 'match tagged',
    files: { config: 'Host a\n Tag prod\nMatch tagged prod\n User t\n' },
    hosts: ['a'],
    since: 904,
  },
  { name: 'empty host', files: { config: 'Host\n User e\nHost a\n Port 3\n' }, hosts: ['a'] },
  {
    name: 'dup host blocks',
    files: { config: 'Host a\n Port 1\nHost b\n Port 2\nHost a\n User u\n Port 3\n' },
    hosts: ['a'],
  },
  {
    name: 'a star between letters',
    files: { config: 'Host w*b*1\n User u\n' },
    hosts: ['web1', 'wb1', 'w1'],
  },
  {
    name: 'an exclusion after a match ends the line',
    files: { config: 'Host a* !ab *\n Port 9\n' },
    hosts: ['a', 'ab', 'b'],
  },
  {
    name: 'match host list with exclusion',
    files: { config: 'Match host *.ex,!bad.ex\n User u\n' },
    hosts: ['ok.ex', 'bad.ex'],
  },
  {
    name: 'match originalhost keeps the name as given',
    files: { config: 'Host Foo\n HostName real\nMatch originalhost foo\n Port 4\n' },
    hosts: ['Foo', 'foo'],
  },
  {
    name: 'match host behind an equals sign',
    files: { config: 'Match host=a user=root\n Port 7\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'match user sees the user set so far',
    files: { config: 'Match user bob\n Port 5\nHost a\n User bob\nMatch user bob\n Compression yes\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'match negated user and localuser',
    files: { config: 'Match !user bob !localuser nobody\n Port 5\n' },
    hosts: ['a'],
  },
  {
    name: 'match exec with all its tokens',
    files: {
      config:
        'Host a\n HostName h1\n User bob\n Port 99\n HostKeyAlias kk\nMatch exec "test %h-%n-%p-%r-%k = h1-a-99-bob-kk"\n Compression yes\nMatch exec "test %u%i%% = root0%"\n IdentitiesOnly yes\n',
    },
    hosts: ['a'],
  },
  {
    name: 'match exec is skipped behind a criterion that fails',
    files: { config: 'Match host b exec "exit 0"\n Port 7\nMatch host a exec "exit 1"\n Port 8\n' },
    hosts: ['a', 'b'],
  },
  {
    name: 'match exec with an unknown token',
    files: { config: 'Match exec "echo %q"\n Port 7\n' },
    hosts: ['a'],
  },
  {
    name: 'match exec killed by a signal',
    files: { config: 'Match exec "kill -9 $$"\n Port 7\n' },
    hosts: ['a'],
  },
  { name: 'match all with more', files: { config: 'Match all host a\n Port 7\n' }, hosts: ['a'] },
  { name: 'match without criterion', files: { config: 'Match\n Port 7\n' }, hosts: ['a'] },
  { name: 'match with unknown criterion', files: { config: 'Match hots a\n Port 7\n' }, hosts: ['a'] },
  { name: 'match criterion without argument', files: { config: 'Match host\n Port 7\n' }, hosts: ['a'] },
  { name: 'match not all', files: { config: 'Match !all\n Port 7\n' }, hosts: ['a'] },
  {
    name: 'match canonical without canonicalization',
    files: { config: 'Match canonical all\n Port 7\nMatch final all\n User f\n' },
    hosts: ['a'],
  },
  {
    name: 'match final sees the new host name',
    files: {
      config:
        'Host a\n HostName b\nMatch final all\n Compression yes\nHost b\n Port 77\nMatch final host b\n User fin\n',
    },
    hosts: ['a', 'b'],
  },
  {
    name: 'values of the first reading stay in the final one',
    files: {
      config:
        'Host real.lan.test\n Port 1\n User second\nHost alias\n HostName real.lan.test\n Port 2\nMatch final all\n',
    },
    hosts: ['alias'],
  },
  {
    name: 'identities of both readings without duplicates',
    files: {
      config:
        'Host a\n HostName b\n IdentityFile ~/k1\nMatch final all\n IdentityFile ~/k2\nHost b\n IdentityFile ~/k1\n IdentityFile ~/k3\n',
    },
    hosts: ['a'],
  },
  {
    name: 'match in an include inside an inactive host',
    files: {
      config: 'Host b\n Include inc\nHost a\n User u\n',
      inc: 'Match all\n Port 5\nMatch final all\n Compression yes\n',
    },
    hosts: ['a', 'b'],
  },
];
