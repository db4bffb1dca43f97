/**
 * The counterpart of `perlWalled` in Python: parts of `pythonBuilder` for where any command line may run. The same
 * acts in the same order. No single quote, no backslash.
 */
export const pythonWalled = {
  start: `
held = False
scratch = None
tmpfs = b"size=64m,nr_inodes=4096,mode=700"
import fcntl, resource, time
def names(d):
    try:
        return os.listdir(d)
    except OSError:
        return []
def at(p):
    return os.open(p, os.O_PATH)
def build_homes():
    with open("/etc/passwd", errors="surrogateescape") as h:
        for line in h:
            d = line.split(":")[5:6]
            if d and len(d[0]) > 1 and d[0] not in homes and any(n[0] == "." for n in names(d[0])):
                homes.append(d[0])
def build_scratch():
    global scratch
    for d in ("/mnt", "/media", "/srv", "/opt", "/var/opt", "/usr/local/src", "/usr/src", "/usr/games"):
        if os.path.isdir(d) and not os.path.islink(d) and not os.listdir(d):
            if mnt(b"none", d.encode(), b"tmpfs", 0xe, tmpfs):
                os.environ["TMPDIR"] = scratch = d
                return
def place_scratch():
    global scratch
    (pr, pw), (qr, qw) = os.pipe(), os.pipe()
    u, g = os.geteuid(), os.getegid()
    k = os.fork()
    if k == 0:
        try:
            os.close(pr)
            os.close(qw)
            if call(unshare, 0x10020000) == 0:
                for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (u, u)), ("gid_map", "%d %d 1" % (g, g))):
                    with open("/proc/self/" + name, "w") as h:
                        h.write(text)
                if mnt(b"none", b"/tmp", b"tmpfs", 0xe, tmpfs):
                    os.mkdir("/tmp/tmp", 0o700)
                    os.write(pw, b"y")
            os.close(pw)
            os.read(qr, 1)
        finally:
            os._exit(0)
    os.close(pw)
    os.close(qr)
    try:
        if os.read(pr, 1):
            h = os.open("/proc/%d/root/tmp" % k, os.O_RDONLY)
            n = fcntl.fcntl(h, fcntl.F_DUPFD, 90)
            os.close(h)
            os.environ["TMPDIR"] = scratch = "/proc/self/fd/%d/tmp" % n
    finally:
        os.close(pr)
        os.close(qw)
        os.waitpid(k, 0)
def build_watch():
    me = os.getpid()
    k = os.fork() if kill == "group" else 0
    if k:
        r.append("watched")
    if k or kill != "group":
        return
    try:
        signal.alarm(0)
        for fd in (0, 1, 2):
            os.close(fd)
        os.chdir("/")
        if root:
            os.setpriority(os.PRIO_PROCESS, 0, -20)
        while os.getppid() == me:
            n = b = 0
            for p in reversed(names("/proc")):
                try:
                    with open("/proc/%s/stat" % p, "rb") as h:
                        s = h.read().rsplit(b") ", 1)[1].split(b" ")
                    if int(s[2]) == me:
                        n += int(s[17])
                        b += int(s[21]) * 4096
                    if n > 200 or b > 2 ** 31:
                        os.kill(0, 9)
                except (OSError, IndexError):
                    pass
            time.sleep(0.1)
    finally:
        os._exit(0)
def readable(p):
    try:
        os.stat(p)
        if os.path.isdir(p):
            os.stat(p + b"/.")
        elif os.path.isfile(p):
            os.close(os.open(p, os.O_RDONLY | os.O_NONBLOCK))
        return True
    except OSError:
        return False
def build_read_rules(let, rights):
    global held
    cut = set("/dev/" + n for n in names("/dev") if n not in ("null", "zero", "full", "random", "urandom", "tty", "shm"))
    for p in () if ns else sorted(hide):
        if not p.startswith(b"/proc/") and readable(p):
            h = at(p)
            cut.add(os.readlink("/proc/self/fd/%d" % h))
            os.close(h)
    above = set()
    for p in cut:
        while "/" in p:
            p = p.rsplit("/", 1)[0]
            above.add(p or "/")
    left = ["/"]
    n = 0
    enough = True
    for d in left:
        for name in names(d):
            p = os.path.join(d, name)
            if p in cut or os.path.islink(p):
                continue
            if p in above:
                left.append(p)
            elif n < 4000:
                n += 1
                let(p, 4, os.O_PATH)
            else:
                enough = False
    if scratch:
        let(scratch, 0x75b6 & rights)
    held = enough and not missed
def build_limits():
    t = 128
    for p in names("/proc"):
        try:
            s = os.stat("/proc/%s/task" % p)
            t += s.st_nlink - 2 if p.isdigit() and s.st_uid == os.getuid() else 0
        except OSError:
            pass
    for n, most in ((resource.RLIMIT_CPU, 600), (resource.RLIMIT_FSIZE, 2 ** 26), (resource.RLIMIT_NPROC, t), (resource.RLIMIT_AS, 2 ** 31)):
        resource.setrlimit(n, (most, most))
    r.append("limits")
def report():
    r.append("walled")
    if ll and scratch:
        r.append("scratch")
    if ll and held and (not os.path.exists("/dev/ptmx") or refused(lambda: os.open("/dev/ptmx", os.O_RDONLY | os.O_NOCTTY), 13)):
        r.append("D")
`.trim(),
  homes: 'attempt(build_homes)',
  ownMount: 'attempt(build_scratch)',
  before: `
    if scratch is None:
        attempt(place_scratch)
    attempt(build_watch)`,
  readRules: 'attempt(build_read_rules, let, rights)',
  limits: `
report()
if known:
    attempt(build_limits)`,
};
