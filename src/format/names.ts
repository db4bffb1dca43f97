import type { Config } from '../config.ts';
import { join, type RemoteText, toRemoteText } from '../remote-text.ts';

/** `web1`, `web1, web2`, or `web1, web2, web3 (3 hosts)`. */
export function formatHostNames(hosts: readonly string[]): string {
  return hosts.length < 3 ? hosts.join(', ') : `${hosts.join(', ')} (${hosts.length} hosts)`;
}

/** In the place of a list of hosts that has none: what leaves it empty. */
export function noHosts({ hosts }: Pick<Config, 'hosts'>): string {
  return hosts.length === 0
    ? 'The ssh configuration names no host'
    : 'SCOUT_HOSTS leaves no host of the ssh configuration';
}

/** Columns aligned, the last one ragged. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A path of a target as the caller gave it; the empty one is the home directory. */
export function showPath(path: string): RemoteText {
  return oneLine(toRemoteText(path === '' ? '~' : path));
}

/** A name or path may hold line feeds; where it is one of several things on a line, they are shown as `\n`. */
export function oneLine(text: RemoteText): RemoteText {
  return join(text.split('\n') as RemoteText[], '\\n'); // pieces of cleaned text
}
