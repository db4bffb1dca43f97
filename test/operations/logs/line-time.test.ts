import { describe, expect, it } from 'vitest';
import { type Clock, lineTime } from '../../../src/operations/logs/line-time.ts';

const hour = 3_600_000;
const clock: Clock = { nowMs: Date.parse('2026-11-21T14:00:00Z'), offsetMs: hour };

function timeOf(line: string, at = clock): string | undefined {
  const ms = lineTime(line, at);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

describe('the time of a line', () => {
  it.each([
    ['2026-11-21T13:59:58.123456+00:00 web1 sshd[1]: x', '2026-11-21T13:59:58.123Z'],
    ['2026-11-21T13:59:58Z web1 sshd[1]: x', '2026-11-21T13:59:58.000Z'],
    ['<34>1 2026-11-21T13:59:58.003-05:00 web1 su - ID47 - x', '2026-11-21T18:59:58.003Z'],
    ['2026/11/21 13:59:58 [error] 12#0: x', '2026-11-21T12:59:58.000Z'],
    ['2026-11-21 13:59:58,123 - root - ERROR - x', '2026-11-21T12:59:58.123Z'],
    ['2026-11-21 13:59:58.123 UTC [99] ERROR:  x', '2026-11-21T13:59:58.123Z'],
    ['[2026-11-21 13:59:58] local.ERROR: x', '2026-11-21T12:59:58.000Z'],
    ['10.0.0.1 - - [21/Nov/2026:13:59:58 +0200] "GET / HTTP/1.1" 200', '2026-11-21T11:59:58.000Z'],
    ['[Sat Nov 21 13:59:58.123456 2026] [core:error] x', '2026-11-21T12:59:58.123Z'],
    ['21-Nov-2026 13:59:58.123 INFO [main] x', '2026-11-21T12:59:58.123Z'],
    ['1:M 21 Nov 2026 13:59:58.123 * Ready', '2026-11-21T12:59:58.123Z'],
    ['{"level":"info","ts":"2026-11-21T13:59:58.5Z","msg":"x"}', '2026-11-21T13:59:58.500Z'],
    ['{"level":30,"time":1795269598123,"msg":"x"}', '2026-11-21T13:59:58.123Z'],
    ['{"ts":1795269598.5,"msg":"x"}', '2026-11-21T13:59:58.500Z'],
    ['1795269598.123 10 10.0.0.1 TCP_MISS/200', '2026-11-21T13:59:58.123Z'],
    ['Nov 21 13:59:58 web1 sshd[1]: x', '2026-11-21T12:59:58.000Z'],
    ['Nov  1 13:59:58 web1 sshd[1]: x', '2026-11-01T12:59:58.000Z'],
  ])('is read: %s', (line, time) => {
    expect(timeOf(line)).toBe(time);
  });

  it.each([
    '  at Frame.one (x.js:1)',
    'Traceback (most recent call last):',
    '2026-13-01 00:00:00 x',
    '2026-02-30 00:00:00 x',
    'Nov 31 00:00:00 x',
    '2026-11-21T25:00:00Z x',
    'it was Nov 21 13:59:58 then',
    '12345 x',
    '',
  ])('is not made up: %s', (line) => {
    expect(timeOf(line)).toBeUndefined();
  });

  it('without a year is of the year in which it is not to come', () => {
    const january: Clock = { nowMs: Date.parse('2026-01-02T00:00:00Z'), offsetMs: 0 };
    expect(timeOf('Dec 31 23:00:00 web1 x', january)).toBe('2025-12-31T23:00:00.000Z');
    expect(timeOf('Jan  2 12:00:00 web1 x', january)).toBe('2026-01-02T12:00:00.000Z'); // a clock may be ahead
    expect(timeOf('Feb 29 12:00:00 web1 x', january)).toBe('2024-02-29T12:00:00.000Z');
    const newYear: Clock = { nowMs: Date.parse('2025-12-31T23:30:00Z'), offsetMs: hour };
    expect(timeOf('Jan  1 00:15:00 web1 x', newYear)).toBe('2025-12-31T23:15:00.000Z');
  });

  it('is found quickly, whatever the line', () => {
    const started = performance.now();
    for (const piece of ['[', '{"', '[21/Nov/2026', '"ts":"', '1', 'Nov ']) {
      for (let round = 0; round < 200; round += 1) lineTime(`{${piece.repeat(50_000 / piece.length)}`, clock);
    }
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});
