import { perlLowPriority } from './low-priority.ts';
import { perlWalled } from './walled-by-perl.ts';

/**
 * The wall's builder in Perl: only built-in functions, for perl-base and its kind have few modules. Arguments: how
 * the worker kills (`group`, `tree`), the machine, the path of the shell, the loop of the worker, then what `BuilderSpec` holds as text.
 * It goes on whatever fails, tries from inside what is to be refused, and becomes /bin/sh with the report in `w`;
 * SIGALRM ends it where something hangs. No line feed, no single quote.
 */
export function perlBuilder(isWalled: boolean): string {
  const walled = isWalled ? perlWalled : undefined;
  return [
    'alarm 6; $SIG{__WARN__} = sub {};',
    'my ($kill, $m, $sh, $loop, $opts, $calls, $filters, @masks) = @ARGV; $m =~ s/^Linux // or $m = ""; my %o = map { $_ => 1 } split /,/, $opts;',
    'my (%c, %f); for (split /;/, $calls) { my ($k, @n) = split /[ ]/; $c{$k} = [map { $_ + 0 } @n]; }',
    'for (split /;/, $filters) { my ($k, @h) = split /[ ]/; $f{$k} = [map { pack "H*", $_ } @h]; }',
    'my @r = ("perl"); my $known = $c{$m} && length(pack "p", "") == 8; push @r, "unknown" if !$known;',
    'my ($prctl, $capset, $unshare, $mount, $seccomp, $prlimit, $ioprio) = $known ? @{$c{$m}} : ();',
    'my $strict = 0; my $ll = 0; my $sc = 0; my $root = $> == 0; my $ns = 0; my $missed = 0; my $lean = 0;',
    walled?.start ?? '',
    // a mount namespace of its own, everything in it read-only
    'sub fd { my $h; sysopen($h, $_[0], 0) ? $h : undef }',
    'sub mounts { my @l; if (open my $h, "<", "/proc/self/mountinfo") { while (<$h>) { my @f = split / /;',
    '$f[4] =~ s/\\\\([0-7]{3})/chr oct $1/ge; push @l, [$f[4], $f[5]]; } } @l }',
    'sub mnt { my ($src, $at, $type, $flags, $data) = @_; my $z = ""; $src .= ""; $at .= ""; $type .= "";',
    '$data = defined $data ? "$data" : ""; syscall($mount, $src, $at, $type, $flags + 0, $data) == 0 }',
    'my %hide; my @homes = ($ENV{HOME}, "/root", "/home/*");',
    walled?.homes ?? '',
    'if ($known && ($root && $o{mounts} || $o{walled})) { require File::Glob if @masks; for (@masks) { my $p = $_; my $not = $p =~ s/^!//; my @at = ($p);',
    'if ($p =~ m{^~(/.*)}s) { my $t = $1; @at = map { "$_$t" } @homes }',
    'for (map { File::Glob::bsd_glob($_) } @at) { if ($not) { delete $hide{$_} } else { $hide{$_} = 1 } } } }',
    'if ($known && $root && $o{mounts} && syscall($unshare, 0x20000) == 0) { if (mnt("none", "/", "none", 0x44000)) { $ns = 1;',
    // what is gone meanwhile need not be hidden, and what is back is tried again
    'for (sort keys %hide) { my ($done, $left) = (0, 9); $done = (-d $_ ? mnt("none", $_, "tmpfs", 0xf, "size=4k,mode=555") : mnt("/dev/null", $_, "none", 0x1000)) || !-e $_ while !$done && $left--; $missed = 1 if !$done }',
    'my %k = (nosuid => 2, nodev => 4, noexec => 8, noatime => 1024, nodiratime => 2048, relatime => 0x200000);',
    // what is no device directory holds no device for any command line
    'my $nodev = $o{walled} && grep { $_->[0] eq "/dev" } mounts();',
    'for (mounts()) { my ($p, $x) = @$_; my $more = $nodev && $p !~ m{^/dev(/|$)} ? 4 : 0; next if !$more && $x =~ /(^|,)ro(,|$)/; my $g = 0x1021; $g |= $k{$_} || 0 for split /,/, $x;',
    'mnt("none", $p, "none", $g | $more); }',
    'my ($n, $rw) = (0, 0); for (mounts()) { $n++; $rw++ if $_->[1] !~ /(^|,)ro(,|$)/ } push @r, "mounts=" . ($n - $rw) . "/$n";',
    walled?.ownMount ?? '',
    '} }',
    walled?.before ?? '',
    // the filter refuses it
    perlLowPriority,
    // no program gains rights by being started
    'if ($known) { push @r, "nnp" if syscall($prctl, 38, 1, 0, 0, 0) == 0;',
    // Landlock: all of the file system rights but executing, reading and listing
    'my $abi = $o{landlock} ? syscall(444, 0, 0, 1) : -1; my $free = $o{processes} && $o{seccomp} && $f{$m};',
    'if ($abi >= 1 && !$free) { my $all = $abi >= 5 ? 0xffff : $abi >= 3 ? 0x7fff : $abi == 2 ? 0x3fff : 0x1fff;',
    // without a right to truncate or ioctl, which the filter has, nothing that is read is looked at
    'my $errno = pack "L", 0x50000; $lean = !$o{walled} && !$o{zfs} && $o{seccomp} && $f{$m} && syscall($seccomp, 2, 0, $errno) == 0;',
    'my $w = $all & ($o{walled} ? ~9 : $lean ? ~0xc00d : ~0xd); my $attr = pack "Q", $w; $attr = pack "QQ", $w, 3 if $abi >= 4;',
    '$attr = pack "QQQ", $w, 3, $o{sockets} ? 2 : 3 if $abi >= 6;',
    'my $fd = syscall(444, $attr, length $attr, 0); if ($fd >= 0) {',
    'my $let = sub { my ($h, $bits) = @_; return if !$h; my $rule = pack "Ql", $bits & $w, fileno $h; syscall(445, $fd, 1, $rule, 0) };',
    '$let->(fd("/dev/null"), 2 | ($abi >= 3 ? 0x4000 : 0)); $let->(fd("/dev/zfs"), 2 | ($abi >= 5 ? 0x8000 : 0)) if $o{zfs};',
    walled?.readRules ?? '',
    '$ll = $abi if syscall(446, $fd, $abi >= 7 ? 1 : 0) == 0; } }',
    // root keeps the capabilities that read; that of ptrace reads and writes through /proc/PID/root, so not alone
    '$sc = $o{seccomp} && $f{$m}; my %keep = ($sc ? (2 => 1, 34 => 1, 19 => 1) : $ll ? (2 => 1, 19 => 1) : (2 => 1));',
    'delete $keep{34} if $o{walled} && !$ns; delete $keep{19} if $o{zfs} && !$ll; if ($o{caps}) { for my $i (0 .. 63) { next if $keep{$i}; last if syscall($prctl, 24, $i, 0, 0, 0) != 0 && $! == 22; }',
    'my $have = "0" x 16; if (open my $h, "<", "/proc/self/status") { while (<$h>) { $have = $1 if /^CapPrm:\\s*([0-9a-f]{16})/ } }',
    'my @w = (hex(substr $have, 8), hex(substr $have, 0, 8)); my @k = (0, 0); $k[$_ >> 5] |= 1 << ($_ & 31) for keys %keep;',
    '$w[$_] &= $k[$_] for 0, 1; syscall($prctl, 47, 4, 0, 0, 0); my $head = pack "LL", 0x20080522, 0;',
    'my $data = pack "L6", $w[0], $w[0], 0, $w[1], $w[1], 0; push @r, "caps" if syscall($capset, $head, $data) == 0; }',
    // seccomp for what is left
    'if ($sc) { my ($start, $sizes, $lists, $signals, $names, $end) = @{$f{$m}}; $strict = !$ll && !$o{zfs};',
    'my $p = $start; $p .= $sizes if !$strict && ($ll < 3 || $lean); $p .= $lists; $p .= $signals if $ll < 6 && $kill ne "tree"; $p .= $names if $strict; $p .= $end;',
    'my $prog = pack "Sx6P", length($p) / 8, $p; $sc = syscall($seccomp, 1, 4, $prog) == 0 || syscall($prctl, 22, 2, $prog) == 0;',
    '$strict = 0 if !$sc; } push @r, "landlock=$ll" if $ll; push @r, "seccomp" if $sc; push @r, "strict" if $strict; }',
    // from inside: is refused what must be
    'my $tmp = 020000001 | ($m eq "aarch64" ? 040000 : 0200000); my $files = 1;',
    'for ($known ? ($ENV{HOME}, "/", "/tmp", "/var/tmp", "/dev/shm") : ()) { my $h; $files = 0 if sysopen $h, $_, $tmp, 0600; }',
    'push @r, "F" if $files && ($ll && ($sc || !$lean) || $strict || ($ns && $root));',
    '$! = 0; push @r, "M" if !chmod(0600, "/dev/null/scout") && $! == 1;',
    '$! = 0; push @r, "P" if !kill(0, $ll >= 6 ? getppid() || 1 : 2 ** 30) && ($! == 1 || ($ll >= 6 && $! == 3));',
    '$! = 0; my ($s, $u); push @r, "N" if !socket($s, 2, 2, 0) && $! == 1 && (!socket($u, 1, 1, 0) && $! == 1 || $o{sockets});',
    walled ? `${walled.report} if ($known) { ${walled.limits} }` : '',
    'alarm 0; exec { $sh } $sh, "-c", "w=\\"@r\\"; eval \\"unset scout_lines; \\$scout_lines\\"; $loop", "sh", $kill;',
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * Reads the builder and the end of its arguments as the next `bytes` bytes of stdin: the first of their lines, from
 * its second character on, in parts between which `partSeparator` stands. Of the lines behind them it reads so many
 * bytes as `handed` says, for the shell that it becomes, by the environment: not on a command line, which ps(1) shows.
 * A shell reads byte by byte (16 ms for 28 KiB), this at once; what follows is left for the worker.
 */
export function perlReader(bytes: number, handed: number): string {
  return [
    `my ($c, $n) = ("", ${bytes + handed}); while ($n > 0) { my $g = sysread(STDIN, $c, $n, length $c); exit 1 if !$g; $n -= $g }`,
    `$ENV{scout_lines} = substr $c, ${bytes};`,
    'my ($l) = split /\\n/, $c, 2; my ($s, @w) = split /\\x1f/, substr($l, 1), -1; push @ARGV, @w; eval $s;',
  ].join(' ');
}

/** What no part holds. */
export const partSeparator = '\x1f';
