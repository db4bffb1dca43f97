/** Commands that operators type with programs for text, bytes, names and sessions. Each must be let through. */
export const everydayText: readonly string[] = String.raw`
cut -d: -f1 /etc/passwd
cut -d ' ' -f 1,3- /var/log/syslog
ls -l /etc | cut -c1-10
cut -f2 --output-delimiter=', ' -d= -s /etc/os-release
cut -d $'\t' -f -3 x
cut --delimiter=, --fields=2 a b
uname -a | tr a-z A-Z
cat /etc/passwd | tr ':' '\n'
tr -d '\r' < /etc/hosts
tr -s ' ' < /proc/loadavg | cut -d' ' -f1
tr -cd '[:print:]' < /etc/hosts
tr [:lower:] [:upper:] < /etc/hostname
tr -d - < /etc/hosts
cmp a b
cmp -s /etc/passwd /etc/passwd- && echo same
cmp -l a b | head
cmp -n 1K -i 16:32 a b
cmp a b 0x10 16
nl /etc/hosts
nl -ba /etc/fstab
nl -b a -w 3 -s ': ' x | sed -n 5,10p
cat x | nl -v 10
tac /var/log/syslog | head -20
tac a.log b.log
tac /var/log/*.log | grep -m1 error
tac -s ';' x
basename /etc/ssh/sshd_config
basename /etc/ssl/cert.pem .pem
basename -s .conf -a /etc/*.conf
basename -a /a/b /c/d
dirname /etc/ssh/sshd_config
dirname -z /a/b /c/d
dirname ~/x
dirname -- /etc/*
realpath /etc/localtime
realpath -e /var/run ~/
realpath --relative-to=/etc /etc/ssh
realpath -m ../x
readlink -f /etc/alternatives/vi
readlink /proc/1/exe
readlink -f /sys/class/net/*
readlink -en ~/.profile
sha256sum /etc/passwd
sha256sum /usr/bin/*
cat x | sha256sum
sha256sum --tag -b a b
md5sum /etc/hosts
md5sum a b | sort | uniq -w32 -D
md5sum -z x
find /etc -name '*.conf' && md5sum ./*
strings /usr/bin/ls | head
strings -n 8 /bin/sh | grep -i version
strings -a -t x ./*.so
strings -8 core
strings -e l -f a b
cat x | strings
xxd /etc/hostname
xxd -l 64 /usr/bin/ls
xxd -p -c 32 x
xxd -ps x
echo 616263 | xxd -r -p
xxd -s 0x100 -l 16 -g1 x
head -c 64 x | xxd -b
od -c /etc/hostname
od -An -tx1 -N16 x
od -A x -t x1z -v x | head
od -j 16 -w8 -t u4 x
echo hello | od -c
hexdump -C /etc/hostname
hexdump -C -n 64 -s 0x10 x
hexdump -ve '1/1 "%02x"' x
hexdump -e '16/1 "%02x " "\n"' x
cat x | hexdump -C | head -4
column -t /etc/fstab
column -ts: /etc/passwd
cut -d: -f1,7 /etc/passwd | column -t -s : -o ' | '
df -h | column -t
ls | column -c 80 -x
column -J -t -N a,b --table-name=t x
jq . package.json
jq -r .name package.json
cat x | jq
jq -r '.[] | select(.state == "running") | .name' x.json
jq .[0].Config.Env x.json
jq '.env, .["import"], .a.env[]?' x
jq -c --arg name web '.[] | select(.name == $name)' /etc/x.json
jq '.items | length' *.json
jq -s 'map(.size) | add' a.json b.json
jq -rS --tab 'to_entries[] | "\(.key)=\(.value)"' x
jq --indent 4 --argjson n 3 '.[:$n]' -- x
jq -e 'has("a") and (.b | not)' x
echo '{"a":1}' | jq '.a + 1'
jq -n '[1,2] | @csv' -r
zcat /var/log/syslog.2.gz | head
zcat -f /var/log/syslog* | grep -c error
zcat ./*.gz | wc -l
cat x.gz | zcat
zgrep error /var/log/syslog.2.gz
zgrep -i 'out of memory' /var/log/kern.log.1
zgrep -h error /var/log/syslog.*.gz | tail -5
zgrep -c error /var/log/dpkg.log.2.gz 2>/dev/null || echo none
zgrep -E -A3 'a|b' ~/x.gz
cat x.gz | zgrep -v x
! zgrep -q x < /etc/hosts && echo gone
zgrep -- -x f.gz
sed -n 10,20p /etc/ssh/sshd_config
sed -n '1,5p' a b
sed -n '/error/p' /var/log/syslog
sed -n '/^BEGIN/,/^END/p' x
sed -ne '5p' x || sed -n 5p x
sed -n '$p' x
sed -n '1p;10p;$p' x
sed -nE '/^(a|b)+$/,+3p' x
sed -n '/\/var\/log/p' /etc/fstab
sed -n '/[[:space:]]x/!p' x
cat x | sed -n '2~3p'
whoami
whoami && id
whoami --version
uname -n; whoami
who
who -b
who -a
who -uH
last
last -n 20
last -20 -F
last reboot | head -5
last -x root
last -f /var/log/wtmp.1 --since yesterday
nproc
nproc --all
nproc --ignore=1
uptime; nproc
free
free -m
free -h
free -wht | grep Mem
pgrep nginx
pgrep -a ssh
pgrep -fa 'python.*server'
pgrep -u root,daemon -l
pgrep -c cron
pgrep -xo sshd
pgrep -P 1 -d, && true
printenv PATH
printenv HOME PATH
printenv LC_ALL || echo unset
printenv SHELL
`
  .trim()
  .split('\n');

/** Commands over the files of the effects test, whose output must be that of the command as it was written. */
export const sameOutputText: readonly string[] = String.raw`
cut -d' ' -f2 a.log
cut -c1 a.log b.log | tr a-z A-Z
tr [:lower:] [:upper:] < a.log
tr -d '\n' < a.log
tr -d - < run
cmp a.log b.log
cmp -l a.log b.log 2
nl -ba -w 3 a.log
tac a.log b.log
tac -s ' ' a.log
basename a/b.log .log
basename -a *.log
basename -s .log -a *.log
dirname sub/c
dirname /etc/*.conf
realpath sub/../a.log
realpath --relative-to=/usr /usr/bin
readlink -f sub
readlink /proc/self/cwd
sha256sum *.log
md5sum a.log
md5sum --tag ./*.log
strings -2 a.log
strings -n 3 -t x ./a.log
xxd a.log
xxd -ps -c8 a.log
echo 616263 | xxd -r -p
xxd -s 2 -l 4 -g1 a.log
xxd -s -4 a.log
od -c a.log
od -An -tx1 -w4 a.log
od -A x -j 2 -N 5 -t x1z a.log
hexdump -C a.log
hexdump -ve '1/1 "%02x"' a.log
column -t a.log
column -ts' ' -o '|' a.log b.log
echo '{"a":[1,{"env":2}]}' | jq -c .a[1].env
echo '{"a":{"env":2}}' | jq
echo '{"a":1}' | jq --arg k a -r '.[$k] + 1 | "x\(.)"'
jq -R . a.log b.log
jq -Rr --indent 2 ascii_upcase a.log
zcat -f a.log b.log
zgrep -n 1 a.log
zgrep -c 1 a.log
zgrep -h 1 *.log
cat a.log | zgrep a
sed -n 2p a.log
sed -n '/a/,$p' a.log
sed -nr '/^(a|b)+/!p' a.log
sed -n $'/[[:space:]]3/p;1p' *.log
whoami
nproc
free -m | wc -l
who -b | wc -l
last | wc -l
pgrep -xc nothing_of_that_name
printenv HOME
`
  .trim()
  .split('\n');
