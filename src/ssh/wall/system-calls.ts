/** Processors whose system call numbers are known here, as uname(2) names them. */
export type Machine = 'x86_64' | 'aarch64';

export const machines: readonly Machine[] = ['x86_64', 'aarch64'];

/** AUDIT_ARCH_* of linux/audit.h: what a filter sees as the architecture of a call. */
export const auditArch: Readonly<Record<Machine, number>> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 };

/** Numbers on x86_64 and aarch64; undefined where the machine does not have that call. */
type Numbers = readonly [x86: number | undefined, arm: number | undefined];

/** Calls since Linux 5.1 have one number on every machine. */
const same = (number: number): Numbers => [number, number];

/** The newest call that the lists below were made with. What comes later is not known to be harmless. */
export const newestCall = 470;

/** Refused by their number alone, whatever their arguments. */
export const refusedCalls = {
  /** Mode, owner, times, attributes. */
  metadata: {
    ...{ chmod: [90, undefined], fchmod: [91, 52], fchmodat: [268, 53], fchmodat2: same(452) },
    ...{ chown: [92, undefined], fchown: [93, 55], lchown: [94, undefined], fchownat: [260, 54] },
    ...{
      utime: [132, undefined],
      utimes: [235, undefined],
      futimesat: [261, undefined],
      utimensat: [280, 88],
    },
    ...{ setxattr: [188, 5], lsetxattr: [189, 6], fsetxattr: [190, 7], setxattrat: same(463) },
    ...{ removexattr: [197, 14], lremovexattr: [198, 15], fremovexattr: [199, 16], removexattrat: same(466) },
    ...{ file_setattr: same(469), quotactl: [179, 60], quotactl_fd: same(443) },
  },
  /** The tree of mounts. */
  mounts: {
    ...{ mount: [165, 40], umount2: [166, 39], pivot_root: [155, 41], chroot: [161, 51], acct: [163, 89] },
    ...{ swapon: [167, 224], swapoff: [168, 225], open_tree: same(428), move_mount: same(429) },
    ...{ fsopen: same(430), fsconfig: same(431), fsmount: same(432), fspick: same(433) },
    ...{ mount_setattr: same(442), open_tree_attr: same(467), open_by_handle_at: [304, 265] },
  },
  /** Other processes, new namespaces, and ways out of the worker's process group and its kill. */
  processes: {
    ...{ ptrace: [101, 117], process_vm_readv: [310, 270], process_vm_writev: [311, 271] },
    ...{ process_madvise: same(440), process_mrelease: same(448), pidfd_getfd: same(438) },
    ...{ setns: [308, 268], unshare: [272, 97], setpriority: [141, 140], ioprio_set: [251, 30] },
    ...{ sched_setparam: [142, 118], sched_setscheduler: [144, 119], sched_setattr: [314, 274] },
    ...{ sched_setaffinity: [203, 122], migrate_pages: [256, 238], move_pages: [279, 239] },
    ...{ setsid: [112, 157], setpgid: [109, 154], memfd_create: [319, 279], execveat: [322, 281] },
  },
  /** What belongs to the machine as a whole. */
  machine: {
    ...{ reboot: [169, 142], kexec_load: [246, 104], kexec_file_load: [320, 294] },
    ...{ init_module: [175, 105], finit_module: [313, 273], delete_module: [176, 106] },
    ...{ iopl: [172, undefined], ioperm: [173, undefined], vhangup: [153, 58] },
    ...{ sethostname: [170, 161], setdomainname: [171, 162], settimeofday: [164, 170] },
    ...{ clock_settime: [227, 112], adjtimex: [159, 171], clock_adjtime: [305, 266] },
    ...{ bpf: [321, 280], perf_event_open: [298, 241], userfaultfd: [323, 282], fanotify_init: [300, 262] },
    ...{ add_key: [248, 217], request_key: [249, 218], keyctl: [250, 219] },
    ...{ io_uring_setup: same(425), io_uring_enter: same(426), io_uring_register: same(427) },
  },
  /** System V and POSIX queues, semaphores and shared memory: they outlive who made them. */
  ipc: {
    ...{ shmget: [29, 194], shmat: [30, 196], shmctl: [31, 195], semget: [64, 190], semop: [65, 193] },
    ...{ semctl: [66, 191], semtimedop: [220, 192], msgget: [68, 186], msgsnd: [69, 189], msgrcv: [70, 188] },
    ...{ msgctl: [71, 187], mq_open: [240, 180], mq_unlink: [241, 181], mq_timedsend: [242, 182] },
    ...{ mq_timedreceive: [243, 183], mq_notify: [244, 184], mq_getsetattr: [245, 185] },
    ...{ socketpair: [53, 199] },
  },
  /** Names and sizes of files: Landlock refuses them by path, this list does where there is no Landlock. */
  names: {
    ...{ mkdir: [83, undefined], mkdirat: [258, 34], rmdir: [84, undefined], mknod: [133, undefined] },
    ...{ mknodat: [259, 33], link: [86, undefined], linkat: [265, 37], symlink: [88, undefined] },
    ...{ symlinkat: [266, 36], unlink: [87, undefined], unlinkat: [263, 35], rename: [82, undefined] },
    ...{ renameat: [264, 38], renameat2: [316, 276], creat: [85, undefined], fallocate: [285, 47] },
  },
  /** Landlock knows them from ABI 3 on. */
  sizes: { truncate: [76, 45], ftruncate: [77, 46] },
  /** Landlock knows signals from ABI 6 on. `kill` is not here: the worker ends its own group by it. */
  signals: {
    ...{ tkill: [200, 130], tgkill: [234, 131], rt_sigqueueinfo: [129, 138], rt_tgsigqueueinfo: [297, 240] },
    ...{ pidfd_send_signal: same(424) },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Numbers>>>>;

/** Refused or let through by their arguments. */
export const judgedCalls = {
  ...{ open: [2, undefined], openat: [257, 56], openat2: same(437), ioctl: [16, 29], fcntl: [72, 25] },
  ...{ socket: [41, 198], bind: [49, 200], kill: [62, 129], prlimit64: [302, 261], syslog: [103, 116] },
  ...{ clone: [56, 220] },
} as const satisfies Readonly<Record<string, Numbers>>;

/** Used to build the wall. */
export const buildingCalls = {
  ...{ prctl: [157, 167], capset: [126, 91], unshare: [272, 97], mount: [165, 40], seccomp: [317, 277] },
  ...{ prlimit64: [302, 261], ioprio_set: [251, 30] },
} as const satisfies Readonly<Record<string, Numbers>>;

/** The number of a call on a machine, where it has one. */
export function numberOn(machine: Machine, numbers: Numbers): number | undefined {
  return numbers[machine === 'x86_64' ? 0 : 1];
}
