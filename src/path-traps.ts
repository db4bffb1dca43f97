/** What is not opened, for that does more than read a file. */
export interface PathTrap {
  /** Absolute; a name of `*` is any. */
  readonly path: string;
  readonly why: string;
  /** A directory, which itself may be looked at; the trap is what lies in it. */
  readonly isDirectory: boolean;
}

/** By proc(5), trace-cmd(1), watchdog(4) and st(4). */
export const pathTraps: readonly PathTrap[] = [
  below('/dev', 'opening a device can change it or never end'),
  file('/proc/kmsg', 'reading it takes the messages away from the system log'),
  file('/proc/kcore', 'it is the memory of the machine'),
  file('/proc/acpi/event', 'reading it takes events away from their reader'),
  below('/proc/*/fd', "it is another program's input or output"),
  below('/proc/*/task/*/fd', "it is another program's input or output"),
  below('/proc/*/root', 'it leads around the checks of paths'),
  below('/proc/*/cwd', 'it leads around the checks of paths'),
  below('/proc/*/task/*/root', 'it leads around the checks of paths'),
  below('/proc/*/task/*/cwd', 'it leads around the checks of paths'),
  below('/proc/*/map_files', 'it leads around the checks of paths'),
  below('/sys/kernel/debug', 'reading there can change the kernel or never end'),
  below('/sys/kernel/tracing', 'reading there takes events away or never ends'),
];

/** Those that the kernel serves as files like any other; a device says that it is one. */
export const kernelTraps: readonly PathTrap[] = pathTraps.filter(({ path }) => path !== '/dev');

const kernelFile = new RegExp(
  `^(?:${kernelTraps.map(({ path, isDirectory }) => path.replaceAll('*', '[^/]+') + (isDirectory ? '/' : '$')).join('|')})`,
);

/** Whether a path in which every link is resolved is one of `kernelTraps`, or lies in one. */
export function isKernelTrap(real: string): boolean {
  return kernelFile.test(real);
}

function file(path: string, why: string): PathTrap {
  return { path, why, isDirectory: false };
}

function below(path: string, why: string): PathTrap {
  return { path, why, isDirectory: true };
}
