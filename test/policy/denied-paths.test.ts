import { describe, expect, it } from 'vitest';
import { parseDenyPaths } from '../../src/deny-paths.ts';
import { explain, judge } from '../../src/policy/index.ts';

const refused: readonly (readonly [command: string, cwd?: string])[] = [
  ...`cat /etc/shadow|cat //etc//shadow|cat /etc/./shadow|cat /etc/ssh/../shadow|cat '/etc/shadow'|cat "/etc/shadow"
    |cat /etc/sha'dow'|cat /etc/sh\\adow|cat $'/etc/shadow'|cat /etc/shad*|cat /etc/shado?|cat /etc/s[a-h]adow|cat /etc/*
    |cat /etc/[!a]hadow|cat /e*/s*w|cat /e*/shadow|cat < /etc/shadow|head -c 10 /etc/shadow-|tail /etc/gshadow
    |grep root /etc/shadow|grep -f /etc/shadow /etc/passwd|grep -f/etc/shadow x|grep --file=/etc/shadow x
    |grep --file /etc/shadow x|grep -e x /etc/hosts /etc/shadow|grep --exclude-from=/etc/shadow x y|rg x /etc/shadow
    |rg -f /etc/shadow x|rg --file=/etc/shadow x|sort /etc/shadow|uniq /etc/shadow|wc /etc/shadow|cut -d: -f2 /etc/shadow
    |tr a b < /etc/shadow|tac /etc/shadow|nl /etc/shadow|od -c /etc/shadow|xxd /etc/shadow|hexdump -C /etc/shadow
    |strings /etc/shadow|sed -n 1p /etc/shadow|diff /etc/shadow /etc/passwd|diff /tmp/shadow /etc|diff /etc /tmp/shadow
    |cmp /etc/passwd /etc/shadow|jq -R . /etc/shadow|zcat -f /etc/shadow|zgrep x /etc/shadow|sha256sum /etc/shadow
    |file /etc/shadow|true && cat /etc/shadow|cat ~/.ssh/id_ed25519|cat ~/.ssh/*|head ~/.ssh/i?_*
    |cat ~/.s*/id_rsa|cat ~/.??h/id_rsa|cat .ssh/id_rsa|cat ./.ssh/id_rsa|cat x/../.ssh/id_rsa|cat ../u/.ssh/id_rsa
    |cat /home/*/.ssh/id_rsa|cat /root/.ssh/identity|grep -r . ~/.ssh|grep -r BEGIN /home/u/.ssh|diff -r ~/.ssh /tmp
    |cat /root/.aws/credentials|cat ~/.kube/config|cat ~/.docker/config.json|cat ~/.netrc|cat ~/.git-credentials
    |cat /etc/ssh/ssh_host_ed25519_key|cat /etc/ssh/ssh_host_*|cat /etc/ssl/private/x.key|ls /etc/ssl/private/x
    |cat /etc/kubernetes/admin.conf|cat /etc/kubernetes/pki/ca.key|cat /run/secrets/db|cat /var/run/secrets/a/b
    |cat /proc/self/environ|cat /proc/1/task/1/environ|strings /proc/?/environ|grep x /proc/1?/e*|od /proc/1/mem
    |cat ../../etc/shadow|cat /etc/letsencrypt/live/x.org/privkey.pem|cat /ETC/shadow|cat ~/.gnupg/secring.gpg`
    .split('|')
    .flatMap((text) => (text.trim() === '' ? [] : [[text.trim()] as const])),
  ['ls | cat /etc/shadow'],
  ['cat shadow', '/etc'],
  ['cat < shadow', '/etc'],
  ['cat ./sh*', '/etc'],
  ['cat id_rsa', '~/.ssh'],
  ['cat id_rsa', '.ssh'],
  ['cat id_rsa', '/home/u/.ssh'],
  ['cat .ssh/id_rsa', '/root'],
  ['cat ../.ssh/id_rsa', '/root/x'],
  ['grep -r x', '~/.ssh'],
  ['grep -r -f ~/words', '~/.ssh'],
  ['rg -f ~/words', '/home/u/.ssh'],
  ['rg x', '/home/u/.ssh'],
  ['rg x .', '/home/u/.ssh'],
  ['cat environ', '/proc/self'],
];

const innocent: readonly (readonly [command: string, cwd?: string])[] = [
  ...`cat /etc/shadow.txt|cat /etc/passwd|cat /etc/shadows|cat /srv/etc/shadow|cat shadow|cat /etc/*.conf|cat /etc/h*
    |cat /etc/os-rel*|cat ./*|cat *.log|head ~/*.txt|wc -l ~/*|cat ~/.bashrc|cat ~/.ssh/config|cat ~/.ssh/id_rsa.pub
    |cat ~/.ssh/*.pub|cat ~/.ssh/known_hosts|cat ~/.ssh/authorized_keys|cat /home/*/.ssh/authorized_keys|ls -la ~/.ssh
    |ls -l ~/.ssh/*|stat /etc/shadow|ls -l /etc/shadow|ls -l /etc/ssl/private|find /etc -name shadow|find / -name 'id_*'
    |find ~ -newer ~/.ssh/id_rsa|test -f /etc/shadow|[ -r ~/.ssh/id_rsa ]|du -sh ~/.ssh|tree ~/.aws|readlink -f ~/.ssh/id_rsa
    |echo /etc/shadow|printf '%s\\n' /etc/shadow|grep shadow /etc/passwd|grep -r shadow /etc/pam.d|grep /etc/shadow /etc/services
    |grep -rn x /etc|cat /etc/ssh/sshd_config|cat /etc/ssh/ssh_host_rsa_key.pub|ls /etc/ssh/ssh_host_*|cat /etc/ssl/certs/ca.pem
    |cat /etc/letsencrypt/live/x.org/fullchain.pem|cat ~/.aws/config|ls ~/.kube|cat /etc/kubernetes/kubelet.yaml
    |cat /proc/cpuinfo|cat /proc/1/status|cat /proc/1/comm|cat /proc/1/cmdline|cat /proc/meminfo|cat /var/log/*/*.log
    |cat /etc/nginx/sites-enabled/*|grep -n x /etc/nginx/conf.d/*|cat /etc/systemd/system/*.service|cat environ|cat mem
    |cat ../notes|cat ../../notes.txt|diff /etc/hosts /tmp/hosts|diff -r /etc/nginx /tmp/nginx|cat /var/log/auth.log
    |docker inspect web|systemctl cat nginx|journalctl -o json -n 5|cat /home/u/shadow|cat ~/credentials`
    .split('|')
    .map((text) => [text.trim()] as const),
  ['ls -la', '~/.ssh'],
  ['cat config', '~/.ssh'],
  ['cat *.pub', '/root/.ssh'],
  ['cat hosts', '/etc'],
  ['cat *.conf', '/etc'],
  ['cat status', '/proc/1'],
];

describe('a denied path', () => {
  it('is refused however it is written', () => {
    expect(refused.length).toBeGreaterThan(60);
    const passed = refused.filter(([command, cwd]) => {
      const verdict = judge(command, cwd);
      return verdict.allowed || verdict.refusal.code !== 'path_denied';
    });
    expect(passed).toEqual([]);
  });

  it('takes nothing from its look-alikes and its facts', () => {
    expect(innocent.length).toBeGreaterThan(40);
    const wrong = innocent.flatMap(([command, cwd]) => {
      const verdict = judge(command, cwd);
      return verdict.allowed ? [] : [[command, cwd, verdict.refusal.reason]];
    });
    expect(wrong).toEqual([]);
  });

  it('is named in the reason, with what can be asked instead, and the same when explained', () => {
    expect(judge('cat ~/.ssh/*')).toEqual({
      allowed: false,
      refusal: {
        word: '~/.ssh/*',
        reason: 'the pattern may give a path that SCOUT_DENY_PATHS denies',
        instead: expect.stringContaining('ls -l, stat'),
        code: 'path_denied',
      },
    });
    expect(explain('cat ~/.ssh/*').verdict).toEqual(judge('cat ~/.ssh/*'));
  });
});

describe('the files that a command opens', () => {
  it.each([
    ['cat a ~/b /c/*.log -', ["'/c/'*'.log'", "'a'", "~/'b'"]],
    ['cat < in | grep -f words x', ["'in'", "'words'", "'x'"]],
    ['ls -l /etc; stat x; test -f y', []],
    ['grep --file=f x', ["'f'", "'x'"]],
    ['zgrep x y.gz', ["'y.gz'"]],
    ['grep -r x', ["'.'".slice(1, 2)]],
    ['grep -r -f ~/words', ["'.'".slice(1, 2), "~/'words'"]],
    ['grep -r -f ~/words d', ["'d'", "~/'words'"]],
    ['df -h /srv', ["'/srv'"]],
    ['zcat ~/d', ["~/'d'", ...['-gz', '-z', '.Z', '.gz', '.z', '_z'].map((end) => `~/'d''${end}'`)]],
    ['zcat d.gz', ["'d.gz'"]],
    ['diff a d', ["'a'", "'a/d'", "'d'", "'d/a'"]],
  ])('are told as words of the shell: %s', (command, opened) => {
    expect(judge(command)).toMatchObject({ allowed: true, opened });
  });
});

it('a file that gzip finds by an ending is denied by the name without it', () => {
  const denied = parseDenyPaths(['/d/db.gz']);
  expect(judge('zcat /d/db', '', denied).allowed).toBe(false);
  expect(judge('zgrep x /d/db', '', denied).allowed).toBe(false);
  expect(judge('zcat /d/dc', '', denied).allowed).toBe(true);
});
