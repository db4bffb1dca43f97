import { hostileServices } from './hostile-services.ts';
import { builtShells, hostileShells } from './hostile-shells.ts';
import { hostileText } from './hostile-text.ts';

/** Commands that must be refused, by what they try. */
const families: Readonly<Record<string, string>> = {
  'other programs': `
rm -rf /
/bin/ls
./ls
/bin/rm x
sudo ls
bash -c 'rm x'
sh x
busybox rm x
env rm x
xargs rm
awk 'BEGIN{system("id")}'
sed w/tmp/x
perl -e 1
python3 -c 1
eval ls
exec ls
. /tmp/x
source x
command ls
builtin echo
alias ls=rm
unalias -a
export A=b
set -x
trap ls 0
kill 1
nohup ls
nice ls
timeout 1 ls
time ls
cd /tmp && ls
tee x
dd if=/dev/zero of=x
touch x
mkfifo x
curl http://x
nc x 1
git log
vi x
less x
watch ls
top
yes
LS
ls.exe
"ls -l"
'ls;rm'
''
~
*
/etc/*
[[ -f x ]]
((1))`,
  'shell constructs': `
ls > x
ls >> x
ls >x
ls 1>x
ls >| x
ls &> x
ls &>> x
ls >& x
ls 2> x
ls 2>>/dev/null
ls > /dev/null
ls 2>/dev/null/../x
ls 3>&1
ls 1>&2
ls 2>&1x
ls 2>&-
ls <> x
cat << E
cat <<< x
cat < *
cat < /dev/tcp/1.2.3.4/80
cat < /dev/sda
cat < <(ls)
> x
< x
ls &
ls & ls
(ls)
{ ls; }
ls; (rm x)
ls | (rm x)
ls | { rm x; }
ls |& wc
ls | while read l; do rm $l; done
if ls; then ls; fi
for f in a; do ls; done
while true; do ls; done
until false; do ls; done
case x in x) ls;; esac
select x in a; do ls; done
f() { ls; }
function f { ls; }
coproc ls
! ! ls
time -p ls
A=1
A=1 ls
PATH=/tmp ls
LD_PRELOAD=/tmp/x.so ls
A+=1 ls
A[0]=1 ls
ls A=(1)
echo $x
echo "$x"
echo \${x}
echo \${x:=1}
echo "\${x@P}"
echo $1 $@ $? $$ $!
echo $((1+1))
echo $[1+1]
echo $(id)
echo "$(id)"
echo \`id\`
echo "\`id\`"
echo $\{ id; }
echo {a,b}
echo {1..9}
echo @(a|b)
echo !(a)
echo +(a)
echo $"x"
ls <(id)
ls >(id)
ls "x
ls 'x
ls x\\
ls (rm
a(
f( ls
ls )
ls ;; ls
ls &&
ls | | wc
| ls
&& ls
;
ls ; ; ls
ls || 
!
#
# rm
ls '~x' ~root/x
ls ~+
ls ~"/x"
cat ~root
echo $[
ls [^a]*
ls [a"b"]*
ls *$x
ls a{b,c}
[ -f x
test x \\; rm
$'ls\\x20'
echo $'\\x41'
echo $'\\u0041'
echo $'\\101'
echo $'\\ca'
echo $'\\xff'
$'\\154s'
l$'s' -D
ls -l$x
rm"" x
\\rm x
r\\m x
r''m x
"r"m x
$x
$(ls)
\`ls\`
function ls() { rm x; }; ls`,
  'echo, printf, test': `
echo *
echo a*b
echo ?
printf
printf -v x y
printf -v x%s y
printf '%n' x
printf '%s%n' a b
printf '%d' 'a[$(id)]'
printf %d x
printf '%*d' 5 5
printf '%(%F)T' 1
printf %q x
printf '%99999d' 1
printf %s *
printf *
printf -x
test -v x
test -v 'a[$(id)]'
[ -v 'a[$(id)]' ]
[ -R x ]
[ 'a[$(id)]' -eq 0 ]
[ 0 -eq 'a[$(id)]' ]
[ x -gt 1 ]
[ -f * ]
[ a -a b ]
[ -f a -o -f b ]
[ a '<' b ]
[ a =~ b ]
test a b
test a b c
test -f a -a -f b
[ ( a ) ]
[ x = -v ]
[ -t x ]
[ -o errexit ]
[ x ] y
true x
false --x
true *`,
  'writing and running by option': `
sort -o x y
sort -ox y
sort -zopwn
sort -uo x y
sort y -o x
sort --output=x y
sort --output x y
sort --outpu=x y
sort --o=x y
sort -T /tmp x
sort -T/tmp x
sort -T '/dev/null x' x
sort --temporary-directory=/tmp x
sort --t=/tmp x
sort --compress-program=sh x
sort --compress-prog=sh x
sort --files0-from=x
sort --random-source=/dev/random x
sort --batch-size=2 x
sort --parallel=99999 x
rg -j99999 x
sort +1 x
sort -k '1;rm' x
sort -- +1
uniq a b
uniq -c a b
uniq -- a b
uniq *
uniq ./f[01].log
uniq /a/*
uniq +5
uniq -5 x
uniq a -- b
tree -o x
tree -ox
tree -ao x
tree -R
tree -LR 2
tree -H x -R
tree --output x
tree --fromfile x
tree --infofile x
tree --info
find . -delete
find . -delet
find -delete
find . -exec rm {} \\;
find . -exec rm {} +
find . -execdir rm {} \\;
find . -ok rm {} \\;
find . -okdir rm {} \\;
find . -fprint x
find . -fprint0 x
find . -fprintf x y
find . -fls x
find -files0-from x
find . -name x -delete
find . -name -delete
find . '-delete'
find . "-exec" rm {} ';'
find . -d''elete
find . -regextype -delete
find . -printf -delete
find -- . -delete
find *
find ./x *
find . -name
find . -newerXY x
find . -D exec
find -D exec .
find . \\( -delete \\)
find . -type f,-delete
find . -maxdepth -1
find . -perm 999
find . -size +1X
find . -user -delete
find '(' -delete
find . -xautofs
rg --pre sh x
rg --pre=sh x
rg x --pre cat
rg --pr=sh x
rg --hostname-bin=sh x
rg -z x
rg -iz x
rg --search-zip x
rg --ignore-file x y
rg --hyperlink-format=x y
rg --config=x y
rg
rg -f
grep
grep -f
grep --exec x
grep -X egrep x
grep --colou x
grep -d recurse x /
grep -m x y z
grep ~ x
grep -e
diff a
diff a b c
diff a *
diff *
diff -l a b
diff --paginate a b
diff --pag a b
diff --from-file=a b
diff -D x a b
diff --GTYPE-group-format=x a b
diff -ul a b
date -s x
date --set=x
date --set x
date --se=x
date 010112002026
date 01011200
date -us x
date -f x
date --file=x
date -j 1
date -d
date -v+1d
date +%F +%T
date *
date -- 010112002026
hostname x
hostname -F x
hostname -b x
hostname --file=x
hostname -y x
hostname --nis x
hostname -f
hostname -i
hostname -A
hostname -d
hostname -- x
file -C
file -C -m x
file -Cm x
file -m x y
file -p x
file -bp x
file --preserve-date x
file -f x
file -s /dev/sda
file -z x
file -S x
file -P x=1 y
file --comp
file
df --sync
df --sy
df -a --sync
tail -f x
tail -F x
tail -fn 5 x
tail -n5f x
tail -5f x
tail -nf x
tail --follow x
tail --follow=name x
tail --fol x
tail --retry x
tail --pid=1 x
tail -s 1 x
tail +1f x
tail -lf x
tail -cf x
tail -n 1x x
head -n x y
head -5c x
head --line=1 x
wc --files0-from=x
wc --files0-from x
wc --fil=x
du --files0-from=x
du --exclude-fro=x
ls -D x
ls --dired
ls --colo=x
ls --color=x
ls --color=$x
ls --block-size='1 x'
ls --zzz
ls -y
cat -l x
cat --x
stat
stat --x y
stat -c
uptime x
uname x
uname -x
id --x
id -u *
id '-u;rm'
id ''`,
  ps: `
ps e
ps eww
ps auxe
ps auxeww
ps axe
ps -auxe
ps -axe
ps aux e
ps -E
ps -efo pid,comm
ps -elo pid
ps -A -f -o pid,comm
ps -o environ
ps -eo pid,environ
ps -o pid,ENVIRON
ps -o pid=x,environ
ps o environ
ps axo environ
ps --format=environ
ps --format environ
ps --forma=environ
ps -u 'e x'
ps -C 'e;x'
ps -C e -o cmd -f
ps --info
ps --sort='$(id)'
ps -p x
ps -p
ps -
ps ''
ps *
ps -Z9
ps +e
ps -xe`,
  'devices, traps and other machines': `
cat /dev/sda
cat /dev/watchdog
cat /dev/../dev/sda
cat //dev//sda
cat /etc/../dev/sda
cat ../../../dev/sda
cat ~/../../dev/sda
cat /dev/./tty
cat /d*/sda
cat /[d]ev/sda
cat /de?/sda
cat /*/sda
cat /*
head -c 1 /dev/random
tail /dev/kmsg
head -c6 /proc/1/fd/0
cat /proc/self/fd/0
cat /proc/1/task/1/fd/3
cat /proc/kmsg
cat /proc/kcore
cat /proc/1/mem
cat /proc/1/environ
cat /proc/*/environ
cat /proc/self/environ
cat /proc/[0-9]*/environ
cat /proc/1/root/dev/sda
cat /proc/self/cwd/x
cat /proc/acpi/event
cat /sys/kernel/debug/tracing/trace_pipe
cat /sys/kernel/tracing/trace_pipe
cat /net/evil/x
ls /net/evil
stat /net/evil/x
find /net/evil
test -f /net/evil/x
[ -f /net/evil/x ]
date -r /net/evil/x
df /net/evil
du /net/evil
ls ../../net/evil
find . -newer /net/evil/x
find . -samefile /net/evil/x
grep -f /dev/sda x
grep --file=/dev/sda x
grep --exclude-from=/dev/tty x y
grep x /dev/mem
grep -r x /
grep -R x /
grep -r x /dev
grep -rn x /proc
grep -r x /sys
grep -r x /sys/kernel
grep -r x /proc/1
grep -r x /*
grep -r x ..
grep --recursive x /.
rg x /
rg --files /proc
rg -e x /dev
rg -f /dev/sda x
diff -r / /x
diff /dev/sda x
du -X /dev/sda
sort /dev/sda
uniq /dev/sda
wc /dev/sda
file /dev/sda
cat /dev/stdin
cat /dev/fd/0`,
};

const long = 'a'.repeat(100 * 1024);

/** What cannot be written in a template, or is too long for one. */
const built: readonly string[] = [
  '',
  ' ',
  '\n\t \n',
  'ls\0',
  'ls \0 rm',
  'ls\r',
  'ls\r\nrm x',
  'ls \x1b[2J',
  'ls \x7f',
  'ls \x85rm',
  'ls \u2028rm x',
  'ls \u2029rm x',
  '\ufeffls',
  'ls \ufffd',
  'ls \ud800',
  'ls \udc00x',
  "ls '\x01'",
  'ls\u00a0-l',
  'ls\u3000-l',
  '\u200bls',
  'l\u0455', // Cyrillic s
  'ls \u2013l\u00adx | r\u043c',
  'ls ; rm\u200b x',
  'ｌｓ',
  'ls\v-l',
  'ls\f-l',
  'ls -l\n>x',
  'ls\nrm x',
  'ls #\nrm x',
  "ls '\n' \n rm x",
  'ls \\\n; rm x',
  'ls \\\n> x',
  'ls # \\\nrm x',
  'l\\\ns -D x',
  'tail -\\\nf x',
  "tail -''f x",
  'tail "-f" x',
  "find . -'exec' rm {} +",
  "sort $'-o' x",
  "sort '-o' x y",
  'sort -\\o x y',
  long,
  `ls ${long}`,
  `ls '${long}'`,
  `cat ${'x '.repeat(9000)}`,
  'f() '.repeat(4000),
  '('.repeat(16_000),
  '{ '.repeat(8_000),
  '$('.repeat(8_000),
  `echo ${'$('.repeat(5_000)}`,
  `echo ${'`'.repeat(15_999)}`,
  `echo ${'"$('.repeat(4_000)}`,
  `echo {${'a,'.repeat(5_000)}}`,
  `echo ${'{a,'.repeat(5_000)}}`,
  `echo ${'a '.repeat(8_000)}`,
  `echo ${'$((('.repeat(4_000)}`,
  `echo ${'[['.repeat(8_000)}*(`,
  '[[ ( '.repeat(3_000),
  `${'! '.repeat(8_000)}ls`,
  `${'if '.repeat(5_000)}ls`,
  `${'ls | '.repeat(3_000)}rm`,
  `${'ls;'.repeat(5_000)}rm`,
  `cat ${'<<E '.repeat(4_000)}`,
  `ls ${'\\'.repeat(15_001)}`,
];

/** Every hostile command, with the family it belongs to. */
export const hostile: readonly (readonly [family: string, command: string])[] = [
  ...Object.entries({ ...families, ...hostileServices, ...hostileText, ...hostileShells }).flatMap(
    ([family, text]) =>
      text
        .slice(1)
        .split('\n')
        .map((line) => [family, line] as const),
  ),
  ...[...built, ...builtShells].map((command) => ['built', command] as const),
];
