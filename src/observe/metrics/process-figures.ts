import { readdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { version } from '../../version.ts';
import type { Family, Labels } from './family.ts';

/** What this process is and uses. `startedMs`: since 1970. */
export async function processFigures(startedMs: number): Promise<readonly Family[]> {
  const lag = await eventLoopLagSeconds();
  const descriptors = await openDescriptors();
  const memory = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const nowMs = Date.now();
  return [
    gauge('scout_build_info', 'Always 1.', 1, { version, node: process.versions.node }),
    gauge('scout_metrics_timestamp_seconds', 'When these figures were taken, Unix time.', nowMs / 1_000),
    gauge('scout_process_start_time_seconds', 'Start of the process, Unix time.', startedMs / 1_000),
    gauge('scout_uptime_seconds', 'Time since the start of the process.', (nowMs - startedMs) / 1_000),
    gauge('scout_process_resident_memory_bytes', 'Resident memory.', memory.rss),
    gauge('scout_process_heap_bytes', 'JavaScript heap in use.', memory.heapUsed),
    counter('scout_process_cpu_seconds_total', 'User and system time.', (user + system) / 1e6),
    ...(descriptors === undefined
      ? []
      : [gauge('scout_process_open_fds', 'Open file descriptors.', descriptors)]),
    gauge('scout_event_loop_lag_seconds', 'How late the event loop was.', lag),
    counter(
      'scout_event_loop_busy_seconds_total',
      'Time that the event loop worked.',
      performance.eventLoopUtilization().active / 1_000,
    ),
  ];
}

export function gauge(name: string, help: string, value: number, labels: Labels = {}): Family {
  return { name, help, type: 'gauge', samples: [{ labels, value }] };
}

function counter(name: string, help: string, value: number): Family {
  return { name, help, type: 'counter', samples: [{ labels: {}, value }] };
}

/** A measure that needs no timer of its own between two looks. */
async function eventLoopLagSeconds(): Promise<number> {
  const askedMs = performance.now();
  await new Promise((resolve) => setImmediate(resolve));
  return (performance.now() - askedMs) / 1_000;
}

/** Undefined where the system does not list them. */
async function openDescriptors(): Promise<number | undefined> {
  const open = await readdir('/proc/self/fd').catch(() => undefined);
  return open && open.length - 1; // without the one that lists them
}
