/** More of what operators type in their first minutes on a machine, and when something is wrong with it. */
export const everydayMore: readonly string[] = String.raw`
ls -lah
ls -lahS /var/log
ls -latr ~
ls -l --time-style=long-iso /etc
ls -lai /
ls -1t /var/log | head -n 5
ls -l /var/lib/docker/volumes 2>/dev/null | head
ls -l /proc/1/exe
ls -l /proc/self/fd
ls -lnd /tmp /var/tmp
ls -1 | wc -l
ls -ld ~/.ssh ~/.ssh/authorized_keys
ls -R /etc/systemd/system | grep -i timer
ls --sort=size -l /var/log
ls -alF
ls -lL /etc/localtime
tree
tree -a -L 3 --dirsfirst /etc/nginx
tree -f -P '*.conf' --prune /etc
tree -sh --du -L 1 /var
stat /etc/passwd /etc/group
stat -c '%y %n' /var/log/*.log
stat -L /etc/localtime
stat -f -c '%a %b' /
du -sh .
du -sh -- *
du -shc /var/log /var/cache
du -h -d 2 /var/lib | sort -rh | head -n 20
du -ah /var/log | sort -rh | head
du -sm /var/log
du --apparent-size -sh /var/log
df -h .
df -hP
df -h --total
df -hT -x tmpfs -x devtmpfs
df -ih
df -k /var
df -h / | tail -1
df -h | sort -k5 -rn | head
cat /etc/issue
cat /etc/debian_version
cat /etc/fstab
cat /etc/resolv.conf
cat /etc/hosts | grep -v '^#'
cat /proc/version
cat /proc/mounts
cat /proc/swaps
cat /proc/net/dev
cat /proc/interrupts | head
cat /proc/1/status
cat /proc/1/cmdline | tr '\0' ' '
cat /proc/sys/vm/swappiness /proc/sys/fs/file-nr
cat /proc/diskstats
cat /proc/mdstat
cat /proc/pressure/cpu
cat /sys/class/thermal/thermal_zone0/temp
cat /sys/block/sda/queue/scheduler
cat /etc/crontab /etc/cron.d/*
cat -n x | tail -5
cat -et x
head -n1 /etc/os-release
head -50 /var/log/dpkg.log
head -n 20 /etc/ssh/sshd_config | grep -v '^#'
head -c 1M x | wc -c
tail /var/log/syslog
tail -n 200 /var/log/nginx/error.log
tail -n1000 /var/log/syslog | grep -ci error
tail -n 100 /var/log/nginx/access.log | cut -d' ' -f1 | sort | uniq -c | sort -rn | head
tail -50 ~/.bash_history
tail -c 200 x
tail -n 5 a b
wc -l /var/log/*.log
wc -c x
find /etc -name '*.bak' | wc -l
sort -k1,1 -k2,2n a
sort -h x
sort -V x
sort -t, -k2,2 -s x
sort a b | uniq
sort -c x
sort x | uniq -d
uniq -c x
uniq -f1 x
diff a b
diff -q a b
diff -y --suppress-common-lines a b
diff -ruN sub src
diff -w a b && echo same
file *
file /usr/bin/python3
file -L /etc/localtime
grep -ri 'listen 443' /etc/nginx
grep -rn --include='*.conf' server_name /etc/nginx
grep -Rl password /etc/ssl 2>/dev/null
grep -c ^ /etc/passwd
grep -E '^(Port|PermitRootLogin)' /etc/ssh/sshd_config
grep -i error /var/log/syslog | tail -n 20
grep -C2 -i oom /var/log/kern.log
grep -m5 -n error x
grep -Eo '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+' x | sort -u
grep -vE '^\s*(#|$)' /etc/ssh/sshd_config
grep -L foo *.log
grep -n '' x
grep -x 'a' x
grep -iw ERROR x
grep -a MARKER core
grep -B1 -A1 error x
grep -F 'a.b*c' x
grep "user=\"root\"" x
grep '\$HOME' x
grep -P '^\d+' x
rg error
rg -n TODO src
rg -c error .
rg -w main src
rg -A2 -B2 error a.log
rg -F 'a.b' x
rg -l listen /etc/systemd
find /var/log -type f -mtime -1
find /var/log -name '*.log' -size +10M
find . -type f -name '*.py' | wc -l
find . -iname '*readme*'
find /etc -maxdepth 1 -type l -ls
find /home -name .bash_history -size +0
find /var -xdev -type f -size +50M -printf '%s %p\n' 2>/dev/null
find . -type f -mmin -30
find . -type d -empty
find . -not -path '*/node_modules/*' -name '*.js'
find . -type f \( -name a -o -name b \)
find . -perm -o+w -type f
find /tmp -maxdepth 1 -mtime +7
find . -regex '.*/a.*'
find . -newer a
find /usr/local/bin -type f -executable
find . -name 'core*' -print0
date -u +%Y-%m-%dT%H:%M:%SZ
date +%s%N
date -d '-1 day' +%F
cat /proc/*/comm
grep -l x /proc/[0-9]*/status
wc -l /proc/[0-9]*/maps
diff -u /dev/null /etc/hosts
grep -rH x /etc/ssh /dev/null
date -d 'TZ="America/New_York" 9:00'
find /var/log -newermt 'TZ="UTC" 2024-01-01'
date -d "2024-01-01 +3 days"
date --iso-8601=seconds
date '+%H:%M'
uptime; free -m; df -h /
uname -srmo
id root
id -Gn
hostname; uptime
hostname -s && hostname -I
ps -ef | grep nginx
ps aux | grep -c httpd
ps -eo pid,user,%cpu,%mem,args --sort=-%mem
ps -eo user= | sort | uniq -c | sort -rn
ps -eo stat= | grep -c Z
ps -o pid,ppid,args -p 1
ps -ef --sort=-pcpu
ps -fp 1
ps -p 1 -o lstart=
ps -eo pid,etimes,comm --sort=etimes
ps fax
ps -u www-data
ps --no-headers -eo comm
ps -Lf -p 1
ps -U root -u root u
pgrep -l ssh
pgrep -fl nginx
pgrep -u root
pgrep sshd | wc -l
pgrep -x cron && echo running
ss -tuln
ss -ltn
ss -antp
ss -tunap
ss -lntu
ss -t state time-wait | wc -l
ss -o state established
ss -tnp dst 10.0.0.5:5432
ss -ltn sport = :22
ss -4tln
ss -tlnp | grep 8080
ip addr show
ip -4 a
ip a show eth0
ip link
ip -d link show
ip -s link
ip route
ip route show default
ip route get 8.8.8.8
ip n
ip neigh show dev eth0
ip -6 addr
ip rule
ip -br addr
lsblk -o NAME,FSTYPE,SIZE,MOUNTPOINT,UUID
lsblk -a
lsblk -p
lsblk -b -o NAME,SIZE -n
findmnt -D
findmnt -l
findmnt /
mount | column -t
mount | grep nfs
lsof -i
lsof -i tcp:22
lsof -nP -i4TCP
lsof -u www-data
lsof -c nginx
lsof -p 1 -n
lsof +L1 | head
getent passwd www-data
getent group sudo
getent services https
systemctl status
systemctl status ssh.service
systemctl status nginx mysql --no-pager
systemctl list-units --type=service --state=failed
systemctl list-units --failed
systemctl list-timers --all
systemctl list-unit-files --state=enabled
systemctl list-unit-files --type=service
systemctl list-sockets
systemctl is-active nginx mysql redis
systemctl is-enabled nginx
systemctl is-failed nginx
systemctl cat ssh.service
systemctl show -p MainPID nginx
systemctl show ssh --property=ActiveState --property=SubState
systemctl --user status
systemctl list-dependencies ssh
systemctl list-jobs
journalctl -u nginx.service --since today
journalctl -u nginx --since '10 min ago' -p warning
journalctl -u nginx --since "2024-01-01 00:00" --until "2024-01-01 01:00"
journalctl -p err -b
journalctl -p 3 -xb
journalctl -k -n 50
journalctl -n 20 --no-pager
journalctl -r -n 10
journalctl -t sshd -n 20
journalctl _SYSTEMD_UNIT=ssh.service -n 5
journalctl --since yesterday -o short-iso
journalctl -u docker -g error
journalctl -b -1 -e
journalctl -xb -1
journalctl -kb 0 -n 20
journalctl -xeb -1 -u ssh
systemctl --version
journalctl -u ssh -o cat | tail
docker ps --format 'table {{.Names}}\t{{.Status}}'
docker ps -a --no-trunc
docker ps -f name=web
docker ps -q
docker ps -s
docker logs --tail=50 web
docker logs -n 20 web 2>&1
docker logs --since 1h web
docker logs -t --tail 10 web
docker inspect --type container web
docker inspect -f '{{.NetworkSettings.IPAddress}}' web
docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' web
docker inspect --format '{{.State.Running}}' web
docker inspect --format='{{json .State}}' web
docker images -a
docker images --format '{{.Repository}}:{{.Tag}}'
docker images nginx
docker stats --no-stream --format '{{.Name}} {{.MemUsage}}'
docker stats --no-stream web db
docker compose -p shop ps --format json
docker compose -p shop logs --since 10m
zpool status -x
zpool list -v
zpool get health tank
zfs list -o name,used,avail,mountpoint
zfs list -t all -r tank
zfs list -H -o name
zfs get all tank/home
zfs get -r compression tank
dpkg -l | grep -i openssl
dpkg -l 'php*'
dpkg -s bash
dpkg -L openssh-server
dpkg -S /usr/bin/ssh
apt-cache policy docker.io
cut -d: -f1,3 /etc/passwd
cut -d= -f2 /etc/os-release
cut -c 1-80 x
cut -f1,2 x
tr 'a-z' 'A-Z' < x
tr -d '"' < x
tr -s '\n' < x
tr , '\n' < x
cmp a b && echo same
nl x
nl -ba x
tac x | head -5
basename /var/log/syslog
dirname /var/log/syslog
realpath .
realpath x
readlink -f /usr/bin/vi
readlink /etc/localtime
sha256sum x
sha256sum a b
md5sum x
md5sum *.log
strings core | head
strings -n 10 /usr/bin/ls | grep GNU
xxd x | head
xxd -l 32 x
od -An -c x | head
od -t x1 x | head -2
hexdump -C x | head -3
hexdump -C -n 32 x
column -t -s: /etc/passwd
column -t x
jq . x.json
jq '.[0]' x.json
jq -r '.[].name' x.json
jq 'keys' package.json
jq -c '.[]' x.json
jq '.[] | {name, state}' x.json
jq 'map(select(.state != "x")) | length' x.json
jq -r '.[] | [.name, .state] | @tsv' x.json
jq '.items[0]' package.json
jq -r 'to_entries[] | .key' package.json
jq 'type' x.json
zcat x.gz | tail -3
zcat /var/log/dpkg.log.*.gz | grep ' install '
zgrep -i error x.gz
zgrep -c error x.gz
zgrep -n 'line 1' x.gz
sed -n '1,10p' x
sed -n '5p' x
sed -n '/error/p' x
sed -n '/a/,/b/p' x
sed -n '10,$p' x
sed -n 1,3p x
whoami; id; hostname
who -q
who -u
last -5
last -n 10 -a
last -x reboot | head -3
free -g
free -h | head -2
printenv USER SHELL
echo hi there
echo "a b"   'c'
echo -e '\n'
printf '%s\n' "a b" c
printf "%d\n" 5
printf 'x\n'
test -e /etc/passwd && echo yes
test -d /var/www || echo no
test -r x && cat x
[ -f x ] && echo there || echo missing
[ -d /opt/app ] && ls /opt/app
[ "a" != "b" ] && echo differ
[ 5 -lt 10 ] && echo less
! grep -q foo x
true && echo ok
cat x | head -3 | tail -1
cat a b | sort | uniq -c | sort -n
cat /etc/passwd | cut -d: -f7 | sort | uniq -c
ls nothing 2>&1 | head -1
uptime && free -m && df -h
nproc; cat /proc/loadavg; free -h
`
  .trim()
  .split('\n');
