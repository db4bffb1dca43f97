import { everydayMore } from './everyday-more.ts';
import { everydayServices } from './everyday-services.ts';
import { everydayText } from './everyday-text.ts';

/** Commands that operators type. Each must be let through: a refusal of one is a bug. */
export const everyday: readonly string[] = `
ls
ls -la
ls -la /var/log | head -20
ls -lh /etc/*.conf
ls -lt --time-style=full-iso ~/
ls -d /home/*
ls -1 /dev/disk/by-id
ls -lZ /etc/passwd
ls -lR /etc/ssh
ls -ltr /var/log | tail
ls -A ~
ls -la ~/.ssh
ls -S --human-readable -l /var/cache
ls --color=auto /
ls -ld /proc/1/cwd
ls *.log
ls -I '*.gz' /var/log
ls /var/log -la
ls "/opt/my app"
ls -la /etc/nginx/sites-enabled/ 2>/dev/null || echo none
tree -L 2 /etc/ssh
tree -L 2 -d --noreport /etc
tree -aI '.git|node_modules' .
tree -h --du -L 1 /var/log
stat /etc/passwd
stat -c '%a %n' /etc/*
stat -c %s /var/log/syslog
stat -f /
stat --printf='%U:%G\\n' /etc/shadow
du -sh /var/* 2>/dev/null | sort -rh | head
du -sh /*
du -h --max-depth=1 /var | sort -h
du -xhd1 /
du -a /etc --exclude='*.conf' | sort -n -r | head -n 10
du -sk ~/ /tmp
df -h
df -hT
df -i /
df -h / /home
df --output=source,pcent,target -x tmpfs
df -h | grep -v tmpfs
cat /proc/meminfo
cat /etc/os-release /etc/hostname
cat /proc/loadavg /proc/uptime
cat -A /etc/fstab
cat -n /etc/ssh/sshd_config | head -50
cat ~/.bashrc
cat /sys/class/net/eth0/operstate
cat /proc/cpuinfo | grep -c ^processor
cat /proc/self/limits
cat /var/log/*.log
head -20 /etc/services
head -n 5 /etc/passwd /etc/group
head -c 512 /etc/machine-id
head -n -5 /etc/hosts
tail -100 /var/log/syslog
tail -n 50 /var/log/auth.log | grep -i failed
tail -n +2 /etc/fstab
tail -c 1K /var/log/dpkg.log
tail -n 20 /var/log/*.log
wc -l < /etc/passwd
wc -l /etc/*.conf
wc /etc/hosts
sort /etc/passwd
sort -t: -k3 -n /etc/passwd
sort -t: -k3,3nr -k1,1 /etc/passwd
sort -u /etc/services | wc -l
sort -rn -k 2 /etc/hosts
sort -t $'\\t' -k2 /etc/hosts
ps aux | sort -nrk 4 | head
cat /etc/shells | sort | uniq -c | sort -rn
uniq -c /etc/hosts
uniq -d < /etc/hosts
uniq --count --ignore-case /etc/hosts
diff -u /etc/passwd /etc/passwd-
diff -rq /etc/ssh /etc/skel
diff --color=always -y -W 120 /etc/hosts /etc/hostname
sort /etc/hosts | diff - /etc/hosts
diff -U 5 ~/a ~/b
file /bin/ls
file -b --mime-type /etc/passwd
file -i /etc/*.conf | grep -v ascii
grep -rn "error" /var/log/nginx --include='*.log' | tail -n 50
grep -rn error /var/log --include=*.log
grep -i 'failed password' /var/log/auth.log
grep -E "(error|warn)$" /var/log/syslog
grep -c processor /proc/cpuinfo
grep -v '^#' /etc/ssh/sshd_config | grep -v '^$'
grep -A3 -B 2 model /proc/cpuinfo
grep -3 model /proc/cpuinfo
grep -l root /etc/*.conf
grep -RIl 'PermitRootLogin' /etc/ssh
grep -oP '(?<=inet )\\d+' /etc/hosts
grep -w 22/tcp /etc/services
grep -e root -e daemon /etc/passwd
grep -q docker /etc/group && echo yes || echo no
grep -m1 'model name' /proc/cpuinfo
grep -nH --color=never "it's" /etc/hosts
grep -F '[error]' /var/log/syslog
grep -- -v /etc/hosts
grep root /etc/passwd /etc/group
grep -ho 'a*' /etc/hosts
ps aux | grep [n]ginx
ps aux | grep -v grep | grep sshd
rg -n 'listen' /etc/nginx
rg -i --hidden -g '*.conf' timeout /etc/systemd
rg -l -t py import ~/src
rg --files /etc/ssh
rg -uu -C3 TODO .
find /etc -name '*.conf' -mtime -2 -type f
find . -maxdepth 2 -type d
find / -xdev -size +100M -printf '%s %p\\n' 2>/dev/null | sort -rn | head -20
find /var/log -name '*.gz' -mtime +30
find /etc -newer /etc/passwd -ls
find /var/www \\( -name '*.php' -o -name '*.html' \\) -print
find . -name *.log
find /tmp -user root -perm -4000
find / -xdev -perm /6000 -type f 2>/dev/null
find ~ -iname '*.txt' ! -path '*/.git/*'
find /var/log/*.log -mmin -60
find -L /etc/systemd -type l
find /etc -type f -newermt '2 days ago'
find /srv -empty -type d -not -name lost+found
find . -path ./node_modules -prune -o -name '*.js' -print
find /home -maxdepth 3 -name authorized_keys 2>/dev/null
date
date +%s
date -u
date '+%Y-%m-%d %H:%M:%S'
date -d 'yesterday' +%F
date -d @1700000000
date -Iseconds
date -r /etc/passwd
date -R --utc
uptime
uptime -p
uptime -s
uname -a
uname -r
uname -srm
id
id -un
id www-data
id -nG root
hostname
hostname -s
hostname -I
ps
ps aux
ps -ef
ps aux --sort=-%mem | head -15
ps -aux | head
ps auxww
ps auxf
ps -ef --forest
ps -eo pid,ppid,cmd,%mem,%cpu --sort=-%cpu | head -n 11
ps -p 1 -o comm=
ps -p 1
ps -C sshd -o pid,etime,args
ps -u root
ps -u www-data -o pid,rss,cmd
ps -fu root
ps axo pid,stat,comm
ps -e -o stat,pid | grep '^D'
ps -eLf | wc -l
ps --ppid 2 --no-headers | wc -l
ps 1
ps -ejH
ps -q 1 -o comm=
ps axjf
ps -T -p 1
ps aux k -rss
ps -o pid,tty,time -t pts/0
echo hello
echo "== disk =="; df -h; echo "== mem =="; cat /proc/meminfo | head -3
echo -n x
echo -e 'a\\tb'
echo ~
echo /etc/*.conf
echo '$HOME'
echo "costs 5$"
printf '%s\\n' a b c
printf '%-10s %5d\\n' root 0
printf 'done\\n'
printf -- '--- %s ---\\n' web1
test -f /etc/x && echo yes || echo no
test -d /var/log
test ! -e /etc/nologin
[ -f /etc/debian_version ] && cat /etc/debian_version
[ -n "" ] || echo empty
[ 3 -gt 2 ] && echo more
[ "a" = "a" ] && echo same
[ ! -s /var/log/btmp ]
[ ~/.bashrc -nt ~/.profile ]
true
false || true
! grep -q x /etc/hostname
ls /etc # the configuration
uname -a; uptime; id;
cat /etc/passwd 2>&1 | wc -l
ls /nonexistent 2>/dev/null; echo done
'ls' "-l" /tm''p
l\\s -l /etc
cat < /etc/hostname
2>/dev/null ls /root
wc -l -- /etc/hosts
`
  .trim()
  .split('\n')
  .map((line) => line.replaceAll('\\\\', '\\'))
  .concat(
    'uname -r\nuptime',
    'ls -l \\\n  /etc',
    'ps aux |\n  head -3',
    "grep -c 'a\nb' /etc/hosts",
    '\n# first\nid\n\n',
    ...everydayServices,
    ...everydayText,
    ...everydayMore,
  );
