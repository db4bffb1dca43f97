import { describe, expect, it } from 'vitest';
import { parseSince } from '../src/since.ts';

const nowMs = Date.UTC(2026, 2, 1, 12, 30);

describe('since', () => {
  it.each([
    ['90s', nowMs - 90_000],
    ['30m', nowMs - 1_800_000],
    ['2h', nowMs - 7_200_000],
    ['1.5 h', nowMs - 5_400_000],
    ['3d', nowMs - 259_200_000],
    ['1W', nowMs - 604_800_000],
    ['today', Date.UTC(2026, 2, 1)],
    ['Yesterday', Date.UTC(2026, 1, 28)],
    ['2026-02-03', Date.UTC(2026, 1, 3)],
    ['2026-02-03T04:05', Date.UTC(2026, 1, 3, 4, 5)],
    ['2026-02-03 04:05:06', Date.UTC(2026, 1, 3, 4, 5, 6)],
    ['2026-02-03T04:05:06.789Z', Date.UTC(2026, 1, 3, 4, 5, 6)],
    ['2026-02-03T04:05+02:00', Date.UTC(2026, 1, 3, 2, 5)],
    ['2026-02-03T04:05-0530', Date.UTC(2026, 1, 3, 9, 35)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('%s is a moment', (text, moment) => {
    expect(parseSince(text, nowMs)).toBe(moment);
  });

  it.each([
    '',
    '2',
    '2x',
    '-2h',
    '2h ago',
    'tomorrow',
    '2026-02-30',
    '2026-13-01',
    '2026-02-03T24:00',
    '2026-02-03T04:05+99:00',
    '2026-02-03T04:05-05:60',
    '02/03/2026',
    '1e9d',
  ])('%j is none', (text) => {
    expect(() => parseSince(text, nowMs)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
