/**
 * What the builder in Perl does besides where any command line may run (SCOUT_QUERY_POLICY=walled); see docs/wall.md.
 * Variables are those of `perlBuilder`. No line feed, no single quote.
 */

/** The homes of accounts besides those of `wallMasks`, where they hold anything that could be denied. */
const homes = [
  'if (open my $h, "<", "/etc/passwd") { my %d; while (<$h>) { my $d = (split /:/)[5]; next if !defined $d || $d !~ m{^/.} || $d{$d}++;',
  'opendir(my $l, $d) or next; push @homes, $d if grep { /^\\.[^.]/ } readdir $l } }',
].join(' ');

/** Devices open only by name; nothing is mounted there before. In the mount namespace of root. */
const ownMount = [
  'for my $d (qw(/mnt /media /srv /opt /var/opt /usr/local/src /usr/src /usr/games)) { next if -l $d; opendir(my $l, $d) or next;',
  'next if grep { !/^\\.\\.?$/ } readdir $l; if (mnt("none", $d, "tmpfs", 0xe, $tmpfs)) { $ENV{TMPDIR} = $scratch = $d; last } }',
].join(' ');

/**
 * A file system in memory without a place: mounted by a child in namespaces of its own, held by a descriptor of
 * ours. Its owner is the account, and nothing else of it is seen through the namespace.
 */
const placeless = [
  'if (!defined $scratch) { pipe(my $pr, my $pw); pipe(my $qr, my $qw); my ($u, $g) = ($>, $) + 0); my $k = fork;',
  'if (defined $k && !$k) { close $pr; close $qw; my $put = sub { my $h; open($h, ">", "/proc/self/$_[0]") and syswrite $h, $_[1] };',
  'if (syscall($unshare, 0x10020000) == 0) { $put->("setgroups", "deny"); $put->("uid_map", "$u $u 1"); $put->("gid_map", "$g $g 1");',
  'syswrite $pw, "y" if mnt("none", "/tmp", "tmpfs", 0xe, $tmpfs) && mkdir("/tmp/tmp", 0700) } close $pw; sysread $qr, my $b, 1; exit 0 }',
  'close $pw; close $qr; if ($k) { if (sysread $pr, my $b, 1) { if (my $h = fd("/proc/$k/root/tmp")) {',
  // above the descriptors that commands name; duplicated, it stays open in programs
  'my $n = fcntl($h, 0, 90); $ENV{TMPDIR} = $scratch = "/proc/self/fd/$n/tmp" if $n } } close $qw; waitpid $k, 0 } }',
].join(' ');

/**
 * Which files may be read: all but those of `@cut`. Landlock can only allow, and what it allows reaches down: beside
 * the path to each of them every name gets a rule of its own.
 */
const readRules = [
  'my @cut = map { "/dev/$_" } grep { !/^(null|zero|full|random|urandom|tty|shm)$/ } names("/dev"); $held = !$missed;',
  'for ($ns ? () : sort keys %hide) { next if m{^/proc/} || !-e; if (-d _) { next if !stat "$_/." } elsif (-f _) { sysopen(my $h, $_, 2048) or next }',
  'my $o = at($_); my $r = $o && readlink "/proc/self/fd/" . fileno $o; if (defined $r) { push @cut, $r } else { $held = 0 } }',
  'my (%cut, %above); for (@cut) { $cut{$_} = 1; my $p = $_; while ($p =~ s{/[^/]*$}{}) { $above{$p eq "" ? "/" : $p} = 1 } }',
  'my @left = ("/"); my $n = 0; while (defined(my $d = shift @left)) { for (names($d)) { my $p = $d eq "/" ? "/$_" : "$d/$_";',
  'next if $cut{$p} || -l $p; if ($above{$p}) { push @left, $p } elsif ($n++ < 4000) { $let->(at($p), 4) } else { $held = 0 } } }',
  '$let->(fd($scratch), 0x75b6 & $all) if defined $scratch;',
].join(' ');

/**
 * Ends the worker, whose process group is ours, when it has become too many threads or too much memory: root has no
 * limit of processes. Outside of the Landlock domain, so that nothing inside can end it before.
 */
const watch = [
  'my $me = $$; my $k = $kill eq "group" ? fork : undef; if (defined $k && !$k) { alarm 0; close STDIN; close STDOUT; close STDERR; chdir "/";',
  // the first to run, whatever waits
  'eval { setpriority 0, 0, -20 }; while (getppid() == $me) { my ($n, $b) = (0, 0); for (reverse grep { /^\\d/ } names("/proc")) {',
  'open(my $h, "<", "/proc/$_/stat") or next; my $l = <$h>; next if !defined $l; $l =~ s/^.*\\) //s; my @s = split / /, $l;',
  'next if $s[2] != $me; $n += $s[17]; $b += $s[21] * 4096; kill 9, 0 if $n > 200 || $b > 2 ** 31 }',
  'select undef, undef, undef, 0.1 } exit 0 } push @r, "watched" if $k;',
].join(' ');

/** CPU time 600 s and address space 2 GiB a process, files of 64 MiB, 128 threads more than the account has. */
const limits = [
  'my $t = 128; for (grep { /^\\d/ } names("/proc")) { my @s = stat "/proc/$_/task"; $t += $s[3] - 2 if @s && $s[4] == $< }',
  'my %l = (0 => 600, 1 => 2 ** 26, 6 => $t, 9 => 2 ** 31); my $lim = 1;',
  'for my $n (keys %l) { $lim = 0 if syscall($prlimit, 0, $n + 0, pack("QQ", $l{$n}, $l{$n}), 0) != 0 } push @r, "limits" if $lim;',
].join(' ');

export const perlWalled = {
  homes,
  start: [
    'my $scratch; my $held = 0; my $tmpfs = "size=64m,nr_inodes=4096,mode=700";',
    'sub names { opendir(my $h, $_[0]) or return (); grep { !/^\\.\\.?$/ } readdir $h }',
    'sub at { my $h; sysopen($h, $_[0], 0x200000) ? $h : undef }', // O_PATH
  ].join(' '),
  ownMount,
  /** Before Landlock, which forbids mounting. */
  before: `if ($known) { ${placeless} ${watch} }`,
  readRules,
  limits,
  /** A terminal's other end stands for all that is cut: to open it changes nothing. */
  report: [
    'push @r, "walled"; push @r, "scratch" if $ll && defined $scratch;',
    'if ($ll && $held) { my $h; $! = 0; push @r, "D" if !-e "/dev/ptmx" || !sysopen($h, "/dev/ptmx", 256) && $! == 13 }',
  ].join(' '),
};
