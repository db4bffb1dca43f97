/** Names in the canary tree: plain ones, and names that a careless reader takes for an option or a command. */
export const plainNames = ['a.log', 'b.log', 'sub', 'sub/c', 'x.json', 'a.log.gz', 'link', '.', './a.log'];
export const hostileNames = [
  'x y',
  "it's",
  'a"b',
  'a\\b',
  'new\nline',
  '$(touch new)',
  '`touch new`',
  ';touch new;',
  '-o',
  '-delete',
  '-exec',
  '--output=new',
  '--pre=./run',
  '--help',
  '-rf',
  '--',
  '-',
  '+1',
  '+c',
  '*x',
  '~y',
  '#x',
  '=',
  '!',
  '(',
  '@a.log',
  'A=1',
  '{}',
  'é.log',
  '..x',
  ' ',
];

/** What does not exist, and must not exist later. */
export const newNames = ['new', './new', 'sub/new', '~/new', '/tmp/scout-fuzz-new', '-onew', '--output=new'];

export const globs = [
  '*',
  './*',
  './*/',
  './*/..',
  '*.log',
  './[ab].log',
  '?',
  './?',
  '*x*',
  'sub/*',
  './-*',
  '[-]*',
  '~/*',
  './[!a]*',
];

/** Values of options of many kinds, and texts that try to leave the word that they stand in. */
export const values = [
  ...'0 1 2 5 20 -3 +2 007 10M 1K 1.5 0x10 16:32 20% 99999999999 a b name size mtime none'.split(' '),
  ...'a,b 1,3-5 -2 2- 2,2n 2nr 1,3 1.2 : , \\t \\0 \\n %s %d %n %-5s +%F +%s yesterday @0 root nobody'.split(
    ' ',
  ),
  ...'www-data tcp ext4,xfs pid,comm pid,environ -%mem ssh.service ssh* Id,MainPID Environment _PID=1'.split(
    ' ',
  ),
  ...'-1 all MESSAGE tank tank/home tank@snap shop passwd ssh 22/tcp x1 x1z u4 10,20p $p /a/p 1p;2p'.split(
    ' ',
  ),
  ...'json table UTF-8 py html js s b n S l o d x c f e p . .[] .a env {{.Id}} {{.Config.Env}} [a-z]'.split(
    ' ',
  ),
  ...'/dev/null - /dev/stdin /dev/stdout /dev/stderr /proc/self/cwd/new eth0 10.0.0.1 ::1 :22'.split(' '),
  ...'established listening -o -n -w -delete -i --output=new w/new'.split(' '),
  '',
  ' ',
  'x y',
  '%s %n\\n',
  '2 days ago',
  '1,3 5',
  '16/1 "%02x " "\\n"',
  'w new',
  '1w new',
  '/a/w new',
  's/a/b/w new',
  '1e touch new',
  '1p\nw new',
  '.a|env',
  'input_filename',
  'import "x" as y; .',
  '$(touch new)',
  '`touch new`',
  ';touch new',
  '|touch new',
  '&touch new',
  '>new',
  '\ntouch new\n',
  "';touch new;'",
  '";touch new;"',
  "$'\\ntouch new'",
  'a[$(touch new)]',
  '@a.log',
  './run',
  'sh -c "touch new"',
];

/** Words that write, run, follow or reach out in some program, tried on all of them. */
export const dangerousWords =
  `-o new -onew --output=new --output new -w -i -f -F -R -K -D -C -p -s -S -z -b -e -x -delete -exec ./run ; + {} ( )
-execdir -ok -fprint -fls -fprintf --pre=./run --pre ./run --hostname-bin=./run --compress-program=./run --t=. -T . -S1b
--files0-from=a.log --fromfile --paginate --follow --follow=name --retry --cursor-file=new --vacuum-time=1s --rotate --set=@0
--in-place --expression=w --file=a.log --random-source=/dev/zero --log-file=new -files0-from --diag=new --config=a.log
--format=%n --exec=./run -H --host=x -c -L --label=;touch --env=x --kill --sync --seconds=1 -v a[$(./run)] -eq 0`.split(
    /\s+/,
  );
