/** Commands that must be refused, of programs for text, bytes, names and sessions. */
export const hostileText: Readonly<Record<string, string>> = {
  'text programs': String.raw`
cut -f1 /dev/sda
cut -f1 /proc/kmsg
cut --out=x -f1 f
cut -d* -f1 f
cut -f a f
cut --files0-from=x
cut -w x
tr
tr a b c
tr a b > x
tr -x a b
tr --del a
tr a < /dev/watchdog
tr ~/x b
nl -o x
nl /dev/sda
nl --body=a f
nl -n xx f
nl -f
nl /proc/1/environ
tac
tac -
cat x | tac
tac < x
tac a - b
tac /dev/stdin
tac --sep=x f
tac /proc/self/fd/0
column --output=x f
column -n x f
column -? f
column /dev/sda
column --table-col=x f
column -t -s * f
sed 's/a/b/' f
sed -i s/a/b/ f
sed -n 'w x' f
sed -n '1w x' f
sed -n '1p;w x' f
sed -n 's/a/b/w x' f
sed -n 's/a/id/e' f
sed -n e f
sed -n '1e id' f
sed -n '/[/]/w x' f
sed -n '/[/]/p;w x' f
sed -n '/a/p;/[/]/w x/p' f
sed -n '/a\/w x' f
sed -n '\,a,w x' f
sed -n '/a/Mw x' f
sed -n '1r /etc/shadow' f
sed -n '1R x' f
sed -n '1{p;w x
}' f
sed -n '1p
w x' f
sed -n 1p -i f
sed -ni 1p f
sed -n -i.bak 1p f
sed -n -e 1p -e 'w x' f
sed -n -f x f
sed -n --in-place 1p f
sed -n --in 1p f
sed -n --expression=wx f
sed -n -s 1p f
sed 1p f
sed -n
sed -n 1,p f
sed -n 1p /dev/sda
sed -n '/a/pw x' f
sed -n '1p}' f
sed -n '1p;' f
sed -n '1p#n' f
sed -n y/a/b/ f
sed -n 1q5 f
sed -n '1!{p' f
sed -n '/x[]/]y/w z/p' f
sed -n '//p' f`,
  'byte programs': `
cmp
cmp a b c
cmp ./*
cmp a *
cmp a b 1 2 3
cmp a /dev/sda
cmp --byt=1 a b
cmp -x a b
sha256sum -c x
sha256sum --check x
sha256sum --che x
sha256sum /dev/sda
sha256sum --status x
sha256sum -bc x
sha256sum /proc/kcore
md5sum -c x
md5sum --check x
md5sum -c < x
md5sum /dev/mem
md5sum --quiet -c x
md5sum -tc x
strings @x
strings -- @x
strings '@x'
strings "@"x
strings *
strings [@]x
strings ?x
strings -n @x f
strings -T elf f
strings --target=elf f
strings -d f
strings --data f
strings -s x @x
strings -
strings /dev/sda
strings -Ud f
strings ?@x
strings a @b
xxd a b
xxd - x
xxd -r a b
xxd -r -p - x
xxd ./f*
xxd *
xxd -- a b
xxd -p a b
xxd -c 16 a b
xxd -pr a
xxd -rp a
xxd --c 1 a
xxd -ps a b
xxd -ps -- a -ps
xxd -n x a
xxd -E -E a b
xxd -R always a
xxd /dev/mem
xxd -cols16 a
xxd -s a b
od +1
od f +1
od --traditional f
od -t z f
od -S f
od --skip=1 f
od /dev/sda
od -N 1 /dev/port
od /dev/input/event0
od -N 4 /proc/1/fd/0
hexdump -f x y
hexdump -e '%n' x
hexdump -e '1/1 "%s%n"' x
hexdump -e '"%*d"' x
hexdump --format-file=x y
hexdump -C /dev/sda
hexdump --cano x
hexdump -L x
hexdump -n -1 x
hexdump -Cf x y`,
  'name programs': `
basename
basename a b c
basename /etc/*
basename * .x
basename -x a
basename --suff=x a
basename a b > x
dirname -x a
dirname --ze a
dirname $(id)
dirname a > x
dirname -- a & ls
dirname ~root/x
realpath /net/host
realpath /net/host/x
realpath -x a
realpath --rel=/ a
realpath --relative-to=/net/x a
realpath --relative-to=* a
readlink /net/host/x
readlink -f /net/h
readlink -x a
readlink --can a
readlink -f ../../../../net/h
readlink -f 'a' > x`,
  jq: String.raw`
jq -f x
jq -f x y
jq --from-file x y
jq --from-file=x y
jq -rf x y
jq -nf /etc/shadow
jq -L /tmp . x
jq -L/tmp . x
jq -rL /tmp . x
jq --library-path /tmp . x
jq --rawfile a /etc/shadow . x
jq --slurpfile a /etc/shadow . x
jq --argfile a /etc/shadow . x
jq -n --rawfile a /etc/shadow '$a'
jq --args . a b
jq --jsonargs . 1
jq --run-tests x
jq --indent 8 . x
jq --indent=2 . x
jq --raw . x
jq --stream-errors . x
jq -r -x . x
jq 'import "a" as a; .' x
jq 'include "a"; .' x
jq 'import"a"as a;.' x
jq 'import "/etc/shadow" as $d; $d' x
jq 'include "a" {search:"/tmp"}; .' x
jq '. | import "x" as y; .' x
jq '"a" | modulemeta' x
jq get_search_list x
jq input_filename x
jq '[env]' x
jq env x
jq -n env
jq -n 'env.PATH'
jq -n '$ENV'
jq -n '$ENV.PATH'
jq -n '$ ENV'
jq -n '.$ENV'
jq -n '..env'
jq -n '. env'
jq -n '"\(env)"'
jq -n '"\($ENV)"'
jq -n '"x" as $x|env|"b"'
jq -n '{a: env}'
jq -n '{$ENV}'
jq -n '$__prog_args'
jq --arg ENV x '$ENV' y
jq --arg x
jq --arg 1 2 . x
jq --arg x * . x
jq . /dev/sda
jq . /proc/1/environ
jq . -
jq -- -f x
jq - x
jq ~/x y
jq . x > y`,
  'compressed files': String.raw`
zcat -r .
zcat --recursive .
zcat -k x.gz
zcat -S x y
zcat -N x.gz
zcat --fast x
zcat -t x
zcat --rec .
zcat /dev/sda
zcat /proc/kmsg
zcat --suffix=x y
zcat x.gz > y
zgrep
zgrep '--label=;id;#' -H x f
zgrep --label=x x f
zgrep "-ex'" f
zgrep -e x f
zgrep -f x y
zgrep --file=/etc/shadow y
zgrep -r x .
zgrep -l x f
zgrep -H x f
zgrep x a b
zgrep x *.gz
zgrep -h -c x *.gz
zgrep -hn x a b
zgrep -m1 -h x a b
zgrep -h -5 x a b
zgrep --rege=x f
zgrep x /dev/sda
zgrep x /proc/1/environ
zgrep x f > y
zgrep x < /dev/sda
zgrep -Z x f
\zgrep --pre=x y
~/zgrep x y`,
  sessions: `
whoami x
whoami -x
whoami > x
whoami --hel
whoami am i
who --lookup
who -a --lookup
who /etc/shadow
who /var/log/wtmp
who --look
who -x
who a b
who mom likes
last --dns
last -d
last -ad
last -i -n 3
last --ip
last --dn
last -f /dev/sda
last --fil x
last -f /proc/kmsg
last *
last -W
last -K
nproc x
nproc --ignore
nproc --ignore=x
nproc --al
nproc -a
nproc > x
free -s 1
free -s1
free -hs 1
free --seconds 1
free --seconds=1
free --sec=1
free -c 5
free --count=5
free -x
free x
pgrep --env A=b x
pgrep --env=A
pgrep -L -F x
pgrep --signal KILL x
pgrep -9 x
pgrep -KILL x
pgrep --logpidfile x
pgrep -F /dev/sda
pgrep -F /proc/1/environ
pgrep a b
pgrep *x ?y
pgrep --sig x
pgrep -H x
pkill x
pkill -0 x
pwait x
printenv
printenv -0
printenv --null
printenv --
printenv *
printenv P?TH
printenv -- PATH
printenv ~
printenv A=b
printenv BASH_FUNC_ls%%
printenv PATH > x`,
};
