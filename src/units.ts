const durationUnitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizeUnitsBytes: Record<string, number> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
};

/**
 * `30`, `1.5s`, `500ms`, `2m`, `1h`, `3d` in milliseconds; a bare number counts in `bareUnit`.
 * Answers undefined for anything else.
 */
export function parseDurationMs(text: string, bareUnit: 'ms' | 's' = 's'): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h|d)?$/.exec(text.trim());
  if (!match) return undefined;
  const unit = (match[2] ?? bareUnit) as keyof typeof durationUnitsMs;
  return Math.round(Number(match[1]) * durationUnitsMs[unit]);
}

/**
 * `4096`, `64KiB`, `10M`, `1.5G` in bytes. `K`, `M`, `G` and `KiB`, `MiB`, `GiB` are powers of 1024 (as in
 * `ls -h` and `head -c`), `KB`, `MB`, `GB` powers of 1000. Answers undefined for anything else.
 */
export function parseSizeBytes(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]{0,3})$/i.exec(text.trim());
  if (!match) return undefined;
  const factor = sizeUnitsBytes[(match[2] ?? '').toLowerCase()];
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** 1536 → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes;
  let unit = 'B';
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${Number.isInteger(value) || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** 90000 → `1.5 min`, 1500 → `1.5 s`, 20 → `20 ms`. */
export function formatDuration(durationMs: number): string {
  const trimmed = (value: number) => String(Math.round(value * 10) / 10);
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${trimmed(durationMs / 1_000)} s`;
  if (durationMs < 3_600_000) return `${trimmed(durationMs / 60_000)} min`;
  return `${trimmed(durationMs / 3_600_000)} h`;
}
