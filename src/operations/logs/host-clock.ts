import { commandText } from '../../policy/command-text.ts';
import type { Reply } from '../ask/questions.ts';
import { type Clock, zoneMs } from './line-time.ts';

/** Asks a host for its time and zone: seconds since 1970, and how far it is from UTC. */
export const clockQuestion = commandText(['date', '+%s %z']);

/** Less is not worth a word: `date` counts whole seconds. */
const leastAheadMs = 3_000;

/** The host's clock, and how far it is ahead of ours where the round trip cannot explain it. */
export function readClock(
  reply: Reply | undefined,
  { startedMs, endedMs }: { readonly startedMs: number; readonly endedMs: number },
): Clock & { readonly aheadMs?: number } {
  const [, seconds, zone] = /^(\d{9,11}) ([+-]\d{4})$/.exec(reply?.text.trim() ?? '') ?? [];
  if (seconds === undefined || zone === undefined) return { nowMs: endedMs, offsetMs: 0 };
  const nowMs = Number(seconds) * 1_000;
  const offsetMs = zoneMs(zone);
  const aheadMs = nowMs + 500 - (startedMs + endedMs) / 2;
  const isSure = Math.abs(aheadMs) > leastAheadMs + (endedMs - startedMs) / 2;
  return { nowMs, offsetMs, ...(isSure && { aheadMs: Math.round(aheadMs / 1_000) * 1_000 }) };
}
