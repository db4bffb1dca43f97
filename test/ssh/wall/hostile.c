/* Tries what a wall must refuse, one line an act: its name, and 0 where it was done or the errno. Every act is
   harmless where it is done: on files of the scratch directory, on a process of the test, or with arguments that
   the kernel takes back. Arguments: scratch directory, process of the test, UNIX socket, TCP port. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char path[16][256];
static int slot;
static const char *at(const char *name) {
  char *p = path[slot++ & 15];
  snprintf(p, 256, "%s%s", "./", name);
  return p;
}
static void say(const char *name, long result) {
  printf("%s %d\n", name, result >= 0 ? 0 : errno);
}
#define ACT(name, call) do { errno = 0; long r = (long)(call); say(name, r); } while (0)
static long opened(const char *p, int flags) {
  int fd = open(p, flags, 0600);
  if (fd >= 0) close(fd);
  return fd;
}
static long in_child(long (*act)(void)) {
  int fds[2];
  if (pipe(fds)) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    errno = 0;
    int e = act() >= 0 ? 0 : errno ? errno : 999;
    if (write(fds[1], &e, sizeof e) != sizeof e) _exit(1);
    _exit(0);
  }
  close(fds[1]);
  int e = 998;
  if (read(fds[0], &e, sizeof e) != sizeof e) e = 997;
  close(fds[0]);
  waitpid(pid, 0, 0);
  errno = e;
  return e == 0 ? 0 : -1;
}
static long new_user(void) { return unshare(CLONE_NEWUSER); }
static long new_mounts(void) { return unshare(CLONE_NEWNS); }
static long new_net(void) { return unshare(CLONE_NEWUSER | CLONE_NEWNET); }
static long own_session(void) { return setsid(); }
static long own_group(void) { return setpgid(0, 0); }
static long root_elsewhere(void) { return chroot("d"); }
static long run_memfd(void) {
  int fd = syscall(SYS_memfd_create, "x", 0);
  return fd;
}
static long clone_user(void) {
  long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return pid;
}
#ifdef __x86_64__
static long mkdir32(void) {
  char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  strcpy(p, "./new32");
  long r = 39;
  __asm__ volatile("int $0x80" : "+a"(r) : "b"(p), "c"(0755) : "memory");
  if (r < 0 && r > -4096) { errno = -r; return -1; }
  return r;
}
static long chmod32(void) {
  char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  strcpy(p, "./f");
  long r = 15;
  __asm__ volatile("int $0x80" : "+a"(r) : "b"(p), "c"(0644) : "memory");
  if (r < 0 && r > -4096) { errno = -r; return -1; }
  return r;
}
#endif

int main(int n, char **a) {
  if (n != 5 || chdir(a[1])) return 2;
  pid_t victim = atoi(a[2]);
  char buffer[300];
  struct sockaddr_un un = { AF_UNIX, "" };
  strncpy(un.sun_path, a[3], sizeof un.sun_path - 1);
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(atoi(a[4])) };
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int ro = open(at("f"), O_RDONLY);
  struct timespec now[2] = { { 1, 0 }, { 1, 0 } };
  struct timeval old[2] = { { 1, 0 }, { 1, 0 } };
  setvbuf(stdout, 0, _IOLBF, 0);

  /* files */
  ACT("open-write", opened(at("f"), O_WRONLY));
  ACT("open-append", opened(at("f"), O_WRONLY | O_APPEND));
  ACT("open-readwrite", opened(at("f"), O_RDWR));
  ACT("open-create", opened(at("new1"), O_WRONLY | O_CREAT));
  ACT("open-create-readonly", opened(at("new2"), O_RDONLY | O_CREAT));
  ACT("open-truncate-readonly", opened(at("t1"), O_RDONLY | O_TRUNC));
  ACT("open-tmpfile", opened(".", O_TMPFILE | O_WRONLY));
  ACT("openat2-write", ({ unsigned long how[3] = { O_WRONLY, 0, 0 }; syscall(437, AT_FDCWD, at("f"), how, 24); }));
  ACT("creat", creat(at("new3"), 0600));
  ACT("truncate", truncate(at("t2"), 0));
  ACT("mkdir", mkdir(at("new4"), 0700));
  ACT("rmdir", rmdir(at("e")));
  ACT("mkfifo", mknod(at("new5"), S_IFIFO | 0600, 0));
  ACT("mknod-socket", mknod(at("new6"), S_IFSOCK | 0600, 0));
  ACT("mknod-device", mknod(at("new7"), S_IFCHR | 0600, 0x103));
  ACT("link", link(at("f"), at("new8")));
  ACT("symlink", symlink("f", at("new9")));
  ACT("unlink", unlink(at("u")));
  ACT("rename", rename(at("r"), at("r2")));
  ACT("rename-into", rename(at("r3"), at("d/r3")));
  ACT("rename-exchange", syscall(SYS_renameat2, AT_FDCWD, at("x1"), AT_FDCWD, at("x2"), 2));
  ACT("map-shared-write", ({ int fd = open(at("f"), O_RDWR); fd < 0 ? -1 : (mmap(0, 1, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0); }));
  ACT("through-own-root", opened("/proc/self/root/tmp/scout-hostile-new", O_WRONLY | O_CREAT) >= 0 ? unlink("/tmp/scout-hostile-new") + 1 : -1);
  ACT("through-process-root", ({ snprintf(buffer, 300, "/proc/%d/root%s/new10", victim, a[1]); opened(buffer, O_WRONLY | O_CREAT); }));
  ACT("through-process-cwd", ({ snprintf(buffer, 300, "/proc/%d/cwd/f", victim); opened(buffer, O_WRONLY); }));
  ACT("process-memory", ({ snprintf(buffer, 300, "/proc/%d/mem", victim); opened(buffer, O_RDWR); }));
  ACT("process-oom", ({ snprintf(buffer, 300, "/proc/%d/oom_score_adj", victim); opened(buffer, O_WRONLY); }));
  ACT("sysctl-open", opened("/proc/sys/kernel/hostname", O_WRONLY));
  ACT("sysrq-open", opened("/proc/sysrq-trigger", O_WRONLY));
  ACT("sys-open", opened("/sys/kernel/mm/transparent_hugepage/enabled", O_WRONLY));
  ACT("disk-open", opened("/dev/vda", O_WRONLY));
  ACT("memory-open", opened("/dev/mem", O_RDWR));
  ACT("kmsg-open", opened("/dev/kmsg", O_WRONLY));
  ACT("shm-open", opened("/dev/shm/scout-hostile", O_RDWR | O_CREAT) >= 0 ? unlink("/dev/shm/scout-hostile") + 1 : -1);

  /* metadata */
  ACT("chmod", chmod(at("f"), 0644));
  ACT("fchmod", fchmod(ro, 0644));
  ACT("fchmodat", syscall(SYS_fchmodat, AT_FDCWD, at("f"), 0644));
  ACT("fchmodat2", syscall(452, AT_FDCWD, at("f"), 0644, 0));
  ACT("chown", chown(at("f"), getuid(), getgid()));
  ACT("fchown", fchown(ro, getuid(), getgid()));
  ACT("lchown", lchown(at("f"), getuid(), getgid()));
  ACT("fchownat", fchownat(AT_FDCWD, at("f"), getuid(), getgid(), 0));
  ACT("utimes", utimes(at("f"), old));
  ACT("utimensat", utimensat(AT_FDCWD, at("f"), now, 0));
  ACT("futimens-readonly", futimens(ro, now));
  ACT("setxattr", setxattr(at("f"), "user.x", "1", 1, 0));
  ACT("fsetxattr-readonly", fsetxattr(ro, "user.y", "1", 1, 0));
  ACT("removexattr", removexattr(at("f"), "user.there"));
  ACT("inode-flags", ({ int flags = 0x40; ioctl(ro, 0x40086602, &flags); }));
  ACT("lease", ({ int fd = open(at("f"), O_RDONLY); fcntl(fd, F_SETLEASE, F_RDLCK); }));

  /* processes */
  ACT("kill", kill(victim, SIGCONT));
  ACT("tgkill", syscall(SYS_tgkill, victim, victim, SIGCONT));
  ACT("tkill", syscall(SYS_tkill, victim, SIGCONT));
  ACT("sigqueue", sigqueue(victim, SIGCONT, (union sigval){ 0 }));
  ACT("pidfd-signal", ({ int fd = syscall(SYS_pidfd_open, victim, 0); syscall(SYS_pidfd_send_signal, fd, SIGCONT, 0, 0); }));
  ACT("pidfd-getfd", ({ int fd = syscall(SYS_pidfd_open, victim, 0); syscall(438, fd, 0, 0); }));
  ACT("file-owner-signal", fcntl(ro, F_SETOWN, victim));
  ACT("process-read", ({ char b; struct { void *p; long n; } v = { &b, 0 }; syscall(SYS_process_vm_readv, victim, &v, 1, &v, 1, 0); }));
  ACT("process-write", ({ char b; struct { void *p; long n; } v = { &b, 0 }; syscall(SYS_process_vm_writev, victim, &v, 1, &v, 1, 0); }));
  ACT("priority", setpriority(PRIO_PROCESS, victim, 11));
  ACT("io-priority", syscall(SYS_ioprio_set, 1, victim, (2 << 13) | 7));
  ACT("affinity", ({ unsigned long all = ~0ul; syscall(SYS_sched_setaffinity, victim, sizeof all, &all); }));
  ACT("scheduler", ({ int priority = 0; syscall(SYS_sched_setscheduler, victim, 0, &priority); }));
  ACT("limits", ({ struct rlimit now_; getrlimit(RLIMIT_CORE, &now_); struct rlimit less = { 0, now_.rlim_max }; prlimit(victim, RLIMIT_CORE, &less, 0); }));
  ACT("own-session", in_child(own_session));
  ACT("own-group", in_child(own_group));
  ACT("ptrace", ptrace(PTRACE_SEIZE, victim, 0, 0));

  /* network and sockets */
  ACT("tcp-connect", ({ int fd = socket(AF_INET, SOCK_STREAM, 0); fd < 0 ? -1 : connect(fd, (void *)&in, sizeof in); }));
  ACT("udp-send", ({ int fd = socket(AF_INET, SOCK_DGRAM, 0); fd < 0 ? -1 : sendto(fd, "x", 1, 0, (void *)&in, sizeof in); }));
  ACT("tcp-listen", ({ int fd = socket(AF_INET, SOCK_STREAM, 0); fd < 0 ? -1 : listen(fd, 1); }));
  ACT("inet6", socket(AF_INET6, SOCK_DGRAM, 0));
  ACT("raw", socket(AF_INET, SOCK_RAW, 1));
  ACT("packet", socket(17, SOCK_RAW, 0));
  ACT("vsock", socket(40, SOCK_STREAM, 0));
  ACT("unix-connect", ({ int fd = socket(AF_UNIX, SOCK_STREAM, 0); fd < 0 ? -1 : connect(fd, (void *)&un, sizeof un); }));
  ACT("unix-bind", ({ struct sockaddr_un me = { AF_UNIX, "./new11" }; int fd = socket(AF_UNIX, SOCK_STREAM, 0); fd < 0 ? -1 : bind(fd, (void *)&me, sizeof me); }));
  ACT("unix-abstract", ({ struct sockaddr_un me = { AF_UNIX, "\0scout-hostile" }; int fd = socket(AF_UNIX, SOCK_STREAM, 0); fd < 0 ? -1 : bind(fd, (void *)&me, 20); }));
  ACT("socketpair-datagram", ({ int fds[2]; socketpair(AF_UNIX, SOCK_DGRAM, 0, fds); }));
  ACT("netlink-user", socket(16, SOCK_RAW, 2));
  ACT("netlink-audit", socket(16, SOCK_RAW, 9));

  /* mounts and namespaces */
  ACT("mount", mount("none", at("d"), "tmpfs", 0, 0) < 0 ? -1 : umount(at("d")));
  ACT("remount", mount("none", "/", 0, MS_REMOUNT | MS_BIND | MS_RELATIME, 0));
  ACT("unmount-nothing", ({ int r = umount2(at("e"), MNT_DETACH); r < 0 && errno == EINVAL ? 0 : r; }));
  ACT("open-tree", syscall(428, AT_FDCWD, ".", 1));
  ACT("fsopen", syscall(430, "tmpfs", 0));
  ACT("mount-setattr", ({ unsigned long none[4] = { 0 }; syscall(442, AT_FDCWD, "/", 0, none, 32); }));
  ACT("new-user-namespace", in_child(new_user));
  ACT("new-mount-namespace", in_child(new_mounts));
  ACT("new-network", in_child(new_net));
  ACT("clone-user-namespace", clone_user());
  ACT("chroot", in_child(root_elsewhere));
  ACT("join-namespace", ({ snprintf(buffer, 300, "/proc/%d/ns/uts", victim); int fd = open(buffer, O_RDONLY); setns(fd, CLONE_NEWUTS); }));

  /* the machine; what would change it has arguments that are refused after the right to it was looked at */
  ACT("hostname", ({ gethostname(buffer, 200); sethostname(buffer, strlen(buffer)); }));
  ACT("clock", ({ struct timezone zone = { 0, 0 }; settimeofday(0, &zone); }));
  ACT("clock-adjust", ({ struct timex t = { 0 }; adjtimex(&t); }));
  ACT("module-remove", ({ long r = syscall(SYS_delete_module, "scout_no_such_module", 0); r < 0 && errno == ENOENT ? 0 : r; }));
  ACT("module-load", ({ long r = syscall(SYS_init_module, 0, 0, ""); r < 0 && errno != EPERM ? 0 : r; }));
  ACT("reboot-without-magic", ({ long r = syscall(SYS_reboot, 1, 2, 3, 0); r < 0 && errno == EINVAL ? 0 : r; }));
  ACT("swap-nothing", ({ long r = syscall(SYS_swapon, "./nothing", 0); r < 0 && errno == ENOENT ? 0 : r; }));
  ACT("quota", ({ long r = syscall(SYS_quotactl, 0x800001 << 8, "./nothing", 0, 0); r < 0 && errno != EPERM ? 0 : r; }));
  ACT("bpf", ({ long r = syscall(SYS_bpf, 9999, 0, 0); r < 0 && errno == EINVAL ? 0 : r; }));
  ACT("perf", ({ long r = syscall(SYS_perf_event_open, 0, 0, -1, -1, 0); r < 0 && errno == EFAULT ? 0 : r; }));
  ACT("userfaultfd", syscall(SYS_userfaultfd, 1));
  ACT("key", syscall(SYS_add_key, "user", "scout-hostile", "x", 1, KEY_SPEC_PROCESS_KEYRING));
  ACT("io-uring", ({ char p[200] = { 0 }; syscall(425, 1, p); }));
  ACT("memfd", in_child(run_memfd));
  ACT("shared-memory", ({ int id = syscall(SYS_shmget, 0, 4096, 01600); id < 0 ? -1 : syscall(SYS_shmctl, id, 0, 0); }));
  ACT("message-queue", ({ int id = syscall(SYS_msgget, 0, 01600); id < 0 ? -1 : syscall(SYS_msgctl, id, 0, 0); }));
  ACT("semaphore", ({ int id = syscall(SYS_semget, 0, 1, 01600); id < 0 ? -1 : syscall(SYS_semctl, id, 0, 0, 0); }));
  ACT("posix-queue", ({ int fd = syscall(SYS_mq_open, "scout-hostile", 0102, 0600, 0); fd < 0 ? -1 : syscall(SYS_mq_unlink, "scout-hostile"); }));
  ACT("handle-open", ({ char h[128] = { 0 }; long r = syscall(SYS_open_by_handle_at, ro, h, O_RDONLY); r < 0 && errno != EPERM ? 0 : r; }));
#ifdef __x86_64__
  ACT("mkdir-32-bit", in_child(mkdir32));
  ACT("chmod-32-bit", in_child(chmod32));
#endif
  return 0;
}
