import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, parseDurationMs, parseSizeBytes } from '../src/units.ts';

describe('a duration', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['1.5s', 1_500],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['3d', 259_200_000],
    [' 2 m ', 120_000],
    ['0.0005s', 1], // rounded to whole milliseconds
  ])('%j is %d ms', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  it('counts in milliseconds where its bare number does', () => {
    expect(parseDurationMs('250', 'ms')).toBe(250);
    expect(parseDurationMs('250s', 'ms')).toBe(250_000);
  });

  it.each(['', 'soon', '-1', '+1', '1e3', '0x10', 'Infinity', '1.', '.5', '1w', '5 minutes', '9'.repeat(13)])(
    'is not %j',
    (text) => {
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );

  it.each([
    [0, '0 ms'],
    [20, '20 ms'],
    [1_500, '1.5 s'],
    [30_000, '30 s'],
    [90_000, '1.5 min'],
    [5_400_000, '1.5 h'],
  ])('%d ms is shown as %j', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('a size', () => {
  it.each([
    ['4096', 4_096],
    ['7b', 7],
    ['64KiB', 65_536],
    ['64k', 65_536],
    ['64 kb', 64_000],
    ['10M', 10_485_760],
    ['1.5G', 1_610_612_736],
    ['2GB', 2_000_000_000],
  ])('%j is %d bytes', (text, bytes) => {
    expect(parseSizeBytes(text)).toBe(bytes);
  });

  it.each(['', 'big', '-1', '1T', '1e3', '1 K B', 'KiB', '1.', '9'.repeat(16)])('is not %j', (text) => {
    expect(parseSizeBytes(text)).toBeUndefined();
  });

  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1 KiB'],
    [1_536, '1.5 KiB'],
    [1_048_576, '1 MiB'],
    [150.4 * 1024 ** 3, '150 GiB'],
    [3 * 1024 ** 5, '3072 TiB'],
  ])('%d bytes are shown as %j', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
