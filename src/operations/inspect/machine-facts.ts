import { linesOf, mostRows, wordsOf } from './untrusted.ts';

export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

/** A time of the machine, ms since 1970, and how much later it may have been. */
interface Clock {
  readonly ms: number;
  readonly grainMs: number;
}

/** Seconds since 1970 and, where date(1) knows `%N`, nanoseconds. */
export function parseClock(text: string | undefined): Clock | undefined {
  const [, seconds, nanoseconds] = /^(\d{1,12}) (\d{9})?/.exec(text ?? '') ?? [];
  if (seconds === undefined) return undefined;
  const ms = Number(seconds) * 1_000;
  return nanoseconds === undefined
    ? { ms, grainMs: 1_000 }
    : { ms: ms + Number(nanoseconds) / 1e6, grainMs: 0 };
}

/** os-release(5): PRETTY_NAME, else NAME and VERSION_ID. */
export function parseRelease(text: string): string | undefined {
  const values = new Map(
    linesOf(text).flatMap((line) => {
      const [, key, value] = /^([A-Z_]+)=["']?(.*?)["']?$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
  const name = [values.get('NAME'), values.get('VERSION_ID')].filter(Boolean).join(' ');
  return values.get('PRETTY_NAME') ?? (name === '' ? undefined : name);
}

/** proc_meminfo(5). Before Linux 3.14 there is no MemAvailable: free memory, buffers and the cache. */
export function parseMemory(text: string): Memory | undefined {
  const kibibytes = new Map(
    linesOf(text).flatMap((line) => {
      const [, key, value] = /^(\w+):\s+(\d{1,15}) kB$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, Number(value)] as const];
    }),
  );
  const of = (key: string) => kibibytes.get(key) ?? 0;
  const total = kibibytes.get('MemTotal');
  if (total === undefined) return undefined;
  const available = kibibytes.get('MemAvailable') ?? of('MemFree') + of('Buffers') + of('Cached');
  return {
    totalBytes: total * 1024,
    availableBytes: available * 1024,
    swapTotalBytes: of('SwapTotal') * 1024,
    swapFreeBytes: of('SwapFree') * 1024,
  };
}

/** who(1): sessions by user. */
export function countUsers(text: string): readonly (readonly [user: string, sessions: number])[] {
  const counts = new Map<string, number>();
  for (const line of linesOf(text)) {
    const [user = ''] = wordsOf(line);
    // BusyBox prints a line of headings
    if (user !== 'USER') counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return [...counts].slice(0, mostRows);
}
