/** What is known of the clock of a host, for times that do not say their year or zone. */
export interface Clock {
  readonly nowMs: number;
  /** East of UTC, in ms. */
  readonly offsetMs: number;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const time = String.raw`(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d):(?<second>[0-5]\d|60)(?:[.,](?<fraction>\d{1,9}))?`;
const zone = String.raw`(?: ?(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w))?`;
/** RFC 5424 and files of some daemons begin with a number for facility and severity. */
const start = String.raw`^(?:<\d{1,3}>(?:1 )?)?\[?`;
const dayMs = 86_400_000;

/** How logs write times, the commonest first. */
const shapes: readonly RegExp[] = [
  // syslog (RFC 3164): Nov  1 14:00:01, no year and no zone
  new RegExp(String.raw`${start}${month} [ ]?(?<day>\d{1,2}) ${time}(?! \d{4})`),
  // ISO 8601 and its kin: rsyslog, nginx's error log (2026/11/21 14:00:01), PostgreSQL, MySQL, Python, Java
  new RegExp(String.raw`${start}["']?(?<year>\d{4})[-/](?<number>\d\d)[-/](?<day>\d\d)[T ]${time}${zone}`),
  // the common log format of Apache and nginx: [21/Nov/2026:14:00:01 +0000]
  new RegExp(String.raw`^[^\n]{0,300}?\[(?<day>\d\d)/${month}/(?<year>\d{4}):${time}${zone}\]`),
  // Apache's error log: [Sat Nov 21 14:00:01.123456 2026], and what asctime(3) writes
  new RegExp(
    String.raw`${start}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${month} [ ]?(?<day>\d{1,2}) ${time} (?<year>\d{4})`,
  ),
  // Tomcat (21-Nov-2026 14:00:01.123) and Redis (1:M 21 Nov 2026 14:00:01.123)
  new RegExp(String.raw`^(?:\d{1,7}:[A-Z] )?(?<day>\d\d)[- ]${month}[- ](?<year>\d{4}) ${time}${zone}`),
  // JSON, one object a line
  new RegExp(
    String.raw`^\{[^\n]{0,500}?"(?:time|ts|timestamp|@timestamp|date|datetime)": ?"(?<year>\d{4})-(?<number>\d\d)-(?<day>\d\d)[T ]${time}${zone}`,
  ),
];
const epochs: readonly RegExp[] = [
  /^(?<seconds>1\d{9})(?:\.(?<fraction>\d{1,9}))?(?= )/,
  /^\{[^\n]{0,500}?"(?:time|ts|timestamp)": ?(?<seconds>[1-9]\d{9})(?:\.(?<fraction>\d{1,9})|(?<milliseconds>\d{3}))?(?=[,}\s])/,
];

/**
 * When a line of a log says that it was written, in ms since 1970; undefined where that is not recognised. Without a
 * zone it is the host's own, as it is now; without a year it is the last one in which that day is not still to come.
 */
export function lineTime(line: string, clock: Clock): number | undefined {
  const beginning = line.slice(0, 600);
  for (const shape of shapes) {
    const groups = shape.exec(beginning)?.groups;
    if (groups) return momentOf(groups, clock);
  }
  for (const shape of epochs) {
    const groups = shape.exec(beginning)?.groups;
    if (groups)
      return Number(groups.seconds) * 1_000 + Number(groups.milliseconds ?? fractionMs(groups.fraction));
  }
  return undefined;
}

function momentOf(groups: Readonly<Record<string, string | undefined>>, clock: Clock): number | undefined {
  const offsetMs = groups.zone === undefined ? clock.offsetMs : zoneMs(groups.zone);
  const at = (year: number) => {
    const monthAt =
      groups.number === undefined ? months.indexOf(groups.month ?? '') : Number(groups.number) - 1;
    const day = Number(groups.day);
    const midnight = new Date(Date.UTC(year, monthAt, day));
    if (midnight.getUTCMonth() !== monthAt || midnight.getUTCDate() !== day) return undefined;
    const seconds = Number(groups.hour) * 3_600 + Number(groups.minute) * 60 + Number(groups.second);
    return midnight.getTime() + seconds * 1_000 + fractionMs(groups.fraction) - offsetMs;
  };
  if (groups.year !== undefined) return at(Number(groups.year));
  const thisYear = new Date(clock.nowMs + clock.offsetMs).getUTCFullYear();
  // 29 February may be several years ago
  const years = [thisYear + 1, thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4];
  return years.map(at).find((ms) => ms !== undefined && ms <= clock.nowMs + dayMs);
}

function fractionMs(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(`0.${digits}`) * 1_000;
}

/** `Z`, `UTC`, `+0100`, `-05:30`. */
export function zoneMs(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
