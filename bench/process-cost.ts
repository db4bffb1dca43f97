import { readFileSync } from 'node:fs';

/** Of a clock tick of /proc (USER_HZ), which Linux has fixed for programs, in ms. */
const tickMs = 10;

/** Resident memory of a process, in bytes (proc_pid_status(5)). */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/** CPU time that a process has had, user and system, in ms (proc_pid_stat(5)). */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from the third on
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
