import { ScoutError } from './errors.ts';

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const dayMs = 86_400_000;

/** Letters as ISO 8601 has them; a blank may stand for the `T`, and no zone is UTC. */
const isoDate =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s*(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/i;

/**
 * A moment in the past, in ms since 1970: so long ago (`90s`, `30m`, `2h`, `3d`, `1w`), `today` or `yesterday` (from
 * midnight UTC), or an ISO date with or without a time (UTC unless it says otherwise). Throws ScoutError
 * `invalid_argument` for anything else.
 */
export function parseSince(text: string, nowMs: number): number {
  const trimmed = text.trim();
  const ago = /^(\d{1,6}(?:\.\d{1,3})?)\s*([smhdw])$/i.exec(trimmed);
  if (ago) return nowMs - Math.round(Number(ago[1]) * (unitsMs[(ago[2] ?? '').toLowerCase()] ?? 0));
  const todayMs = Math.floor(nowMs / dayMs) * dayMs;
  const word = trimmed.toLowerCase();
  if (word === 'today') return todayMs;
  if (word === 'yesterday') return todayMs - dayMs;
  const date = isoDate.exec(trimmed);
  const momentMs = date ? parseDate(date) : undefined;
  if (momentMs !== undefined) return momentMs;
  throw new ScoutError(
    'invalid_argument',
    `since: ${JSON.stringify(text.slice(0, 60))} is no moment`,
    'Write 30m, 2h, 3d, 1w, today, yesterday, or an ISO date such as 2026-11-20 or 2026-11-20T08:30Z (UTC).',
  );
}

/** Undefined for a day or time that is not in the calendar. */
function parseDate(date: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = date
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const momentMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(momentMs);
  const isReal =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? momentMs - zoneMs(date[7]) : undefined;
}

/** `Z`, `+02:00`, `-0530`. */
function zoneMs(zone: string | undefined): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '');
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
