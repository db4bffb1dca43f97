import { pythonWalled } from './walled-by-python.ts';

/**
 * The same builder as `perlBuilder`, with the same arguments and the same report, in Python 3 with ctypes. Indented
 * text cannot stand on the one line that the worker reads: the lines below are joined by `$n`, the line feed that
 * the boot script sets. No single quote, no backslash.
 */
export function pythonBuilder(isWalled: boolean): string {
  const walled = isWalled ? pythonWalled : undefined;
  return `
import ctypes, errno, glob, os, re, signal, socket, stat, struct, sys
signal.alarm(6)
kill, m, sh, loop, opts, calls, filters = sys.argv[1:8]
masks = sys.argv[8:]
m = m[6:] if m.startswith("Linux ") else ""
o = set(opts.split(","))
c = {w[0]: [int(x) for x in w[1:]] for w in (e.split(" ") for e in calls.split(";"))}
f = {w[0]: [bytes.fromhex(x) for x in w[1:]] for w in (e.split(" ") for e in filters.split(";")) if len(w) > 1}
r = ["python"]
known = m in c and struct.calcsize("P") == 8
if not known:
    r.append("unknown")
libc = ctypes.CDLL(None, use_errno=True)
def call(n, *a):
    a = [ctypes.c_long(x) if isinstance(x, int) else x for x in a]
    return libc.syscall(ctypes.c_long(n), *a)
prctl, capset, unshare, mount, seccomp, prlimit, _ = c[m] if known else [0] * 7
strict = ns = missed = lean = False
hide = set()
homes = [os.environ.get("HOME", "/"), "/root", "/home/*"]
ll = 0
root = os.geteuid() == 0
def mounts():
    with open("/proc/self/mountinfo", "rb") as h:
        for line in h:
            w = line.split(b" ")
            yield re.sub(bytes([92, 92]) + b"([0-7]{3})", lambda x: bytes([int(x.group(1), 8)]), w[4]), w[5].split(b",")
def mnt(src, at, kind, flags, data=b""):
    return call(mount, src, at, kind, flags, data) == 0
${walled?.start ?? ''}
def find_hidden():
    global hide
    for p in masks:
        bare = p[1:] if p[0] == "!" else p
        at = [h + bare[1:] for h in homes] if bare[0] == "~" else [bare]
        found = {os.fsencode(g) for a in at for g in glob.glob(a)}
        hide = hide - found if p[0] == "!" else hide | found
def build_mounts():
    global ns, missed
    if call(unshare, 0x20000) != 0 or not mnt(b"none", b"/", b"none", 0x44000):
        return
    ns = True
    for g in sorted(hide):
        done, left = False, 9
        while not done and left:
            left -= 1
            if os.path.isdir(g):
                done = mnt(b"none", g, b"tmpfs", 0xf, b"size=4k,mode=555")
            else:
                done = mnt(b"/dev/null", g, b"none", 0x1000)
            done = done or not os.path.exists(g)
        missed = missed or not done
    keep = {b"nosuid": 2, b"nodev": 4, b"noexec": 8, b"noatime": 1024, b"nodiratime": 2048, b"relatime": 0x200000}
    nodev = "walled" in o and any(p == b"/dev" for p, _ in mounts())
    for p, x in list(mounts()):
        more = 4 if nodev and not (p + b"/").startswith(b"/dev/") else 0
        if more or b"ro" not in x:
            mnt(b"none", p, b"none", 0x1021 | sum(keep.get(w, 0) for w in x) | more)
    all = list(mounts())
    r.append("mounts=%d/%d" % (sum(b"ro" in x for _, x in all), len(all)))
    ${walled?.ownMount ?? ''}
def build_landlock():
    global ll, lean
    abi = call(444, 0, 0, 1)
    if abi < 1:
        return
    rights = 0xffff if abi >= 5 else 0x7fff if abi >= 3 else 0x3fff if abi == 2 else 0x1fff
    lean = can and not o & {"walled", "zfs"} and call(seccomp, 2, 0, struct.pack("=I", 0x50000)) == 0
    writing = rights & (~9 if "walled" in o else ~0xc00d if lean else ~0xd)
    attr = struct.pack("=Q", writing)
    if abi >= 4:
        attr += struct.pack("=Q", 3)
    if abi >= 6:
        attr += struct.pack("=Q", 2 if "sockets" in o else 3)
    fd = call(444, attr, len(attr), 0)
    if fd < 0:
        return
    def let(path, bits, how=os.O_RDONLY):
        try:
            h = os.open(path, how)
        except OSError:
            return
        call(445, fd, 1, struct.pack("=Qi", bits & writing, h), 0)
        os.close(h)
    let("/dev/null", 2 | (0x4000 if abi >= 3 else 0))
    if "zfs" in o:
        let("/dev/zfs", 2 | (0x8000 if abi >= 5 else 0))
    ${walled?.readRules ?? ''}
    if call(446, fd, 1 if abi >= 7 else 0) == 0:
        ll = abi
    os.close(fd)
def build_caps(keep):
    for i in range(64):
        if i not in keep and call(prctl, 24, i, 0, 0, 0) != 0 and ctypes.get_errno() == errno.EINVAL:
            break
    with open("/proc/self/status") as h:
        have = int(re.search("^CapPrm:[^0-9a-f]*([0-9a-f]+)", h.read(), re.M).group(1), 16)
    have &= sum(1 << i for i in keep)
    low, high = have & 0xffffffff, have >> 32
    call(prctl, 47, 4, 0, 0, 0)
    if call(capset, struct.pack("=II", 0x20080522, 0), struct.pack("=6I", low, low, 0, high, high, 0)) == 0:
        r.append("caps")
def build_seccomp():
    global strict, sc
    start, sizes, lists, signals, names, end = f[m]
    strict = ll == 0 and "zfs" not in o
    p = start + (sizes if not strict and (ll < 3 or lean) else b"") + lists + (signals if ll < 6 and kill != "tree" else b"")
    p += (names if strict else b"") + end
    text = ctypes.create_string_buffer(p, len(p))
    prog = struct.pack("=H6xQ", len(p) // 8, ctypes.addressof(text))
    sc = call(seccomp, 1, 4, prog) == 0 or call(prctl, 22, 2, prog) == 0
    strict = strict and sc
def attempt(part, *a):
    try:
        part(*a)
    except Exception:
        pass
def refused(part, *codes):
    try:
        part()
    except OSError as e:
        return e.errno in codes
    except Exception:
        pass
    return False
sc = False
can = "seccomp" in o and m in f
if known:
    ${walled?.homes ?? ''}
    attempt(find_hidden)
    if root and "mounts" in o:
        attempt(build_mounts)${walled?.before ?? ''}
    if call(prctl, 38, 1, 0, 0, 0) == 0:
        r.append("nnp")
    if "landlock" in o and not ("processes" in o and can):
        attempt(build_landlock)
    if "caps" in o:
        keep = {2, 19, 34} if can else {2, 19} if ll else {2}
        if "walled" in o and not ns:
            keep.discard(34)
        attempt(build_caps, keep - {19} if "zfs" in o and not ll else keep)
    if can:
        attempt(build_seccomp)
    r += (["landlock=%d" % ll] if ll else []) + (["seccomp"] if sc else []) + (["strict"] if strict else [])
files = True
for d in [os.environ.get("HOME", "/"), "/", "/tmp", "/var/tmp", "/dev/shm"] if known else []:
    try:
        os.close(os.open(d, os.O_WRONLY | os.O_TMPFILE, 0o600))
        files = False
    except OSError:
        pass
if files and (ll and (sc or not lean) or strict or (ns and root)):
    r.append("F")
if refused(lambda: os.chmod("/dev/null/scout", 0o600), 1):
    r.append("M")
if refused(lambda: os.kill(os.getppid() or 1, 0), 1, 3) if ll >= 6 else refused(lambda: os.kill(2 ** 30, 0), 1):
    r.append("P")
if refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 1):
    if "sockets" in o or refused(lambda: socket.socket(socket.AF_UNIX), 1):
        r.append("N")
${walled?.limits ?? ''}
for s in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(s, signal.SIG_DFL)
signal.alarm(0)
os.execv(sh, [sh, "-c", "w=" + chr(34) + " ".join(r) + chr(34) + "; " + loop, "sh", kill])
`.trim();
}
