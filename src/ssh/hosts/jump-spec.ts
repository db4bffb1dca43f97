import { portOf } from './keyword-values.ts';
import { LineProblem } from './problem.ts';
import type { JumpSpec } from './settings.ts';

/**
 * The hops of a ProxyJump argument, first to last; empty for `none`. Each is `[user@]host[:port]` or an
 * `ssh://[user@]host[:port]` URI, separated by commas (ssh_config(5) ProxyJump). Throws LineProblem.
 */
export function parseJumps(text: string): readonly JumpSpec[] {
  if (/^none$/i.test(text)) return [];
  const list = text.replace(/#.*$/s, '').replace(/^(.)(\S*)\s.*$/s, '$1$2');
  return list.split(',').map(parseJump);
}

/** The form in which `ssh -G` prints hops. */
export function formatJumps(jumps: readonly JumpSpec[]): string {
  return jumps.map(formatJump).join(',');
}

function formatJump({ user, host, port }: JumpSpec): string {
  const numeric = host.includes(':') || /^[\d.]*$/.test(host);
  return `${user === undefined ? '' : `${user}@`}${numeric ? `[${host}]` : host}${port ? `:${port}` : ''}`;
}

function parseJump(item: string): JumpSpec {
  const refused = () => new LineProblem(`invalid ProxyJump ${JSON.stringify(item)}`);
  const isUri = item.startsWith('ssh://');
  const address = isUri ? item.slice('ssh://'.length) : item;
  const at = isUri ? address.indexOf('@') : address.lastIndexOf('@');
  const userPart = at < 0 ? undefined : address.slice(0, at);
  const user = isUri ? decodeUser(userPart) : userPart;
  if (user === '') throw refused();
  const place = /^(\[[^\]]*\]|[^:/]*)(?:([:/])(.*))?$/s.exec(address.slice(at + 1));
  const host = place?.[1]?.replace(/^\[(.*)\]$/s, '$1') ?? '';
  const rest = place?.[3]?.replace(isUri ? /\/$/ : /$^/, '') ?? '';
  if (!place?.[1] || host === '' || (isUri && !/^[a-z0-9][\w.-]*$/i.test(host))) throw refused();
  if (place[2] === '/' && (rest !== '' || !isUri)) throw refused();
  const port = rest === '' ? undefined : portOf(rest);
  if (rest !== '' && !port) throw refused();
  return { host, ...(user !== undefined && { user }), ...(port !== undefined && { port }) };
}

/** RFC 3986 percent-decoding of the user; connection parameters behind `;` are dropped. */
function decodeUser(user: string | undefined): string | undefined {
  const name = user?.split(';')[0];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    throw new LineProblem(`invalid user in ProxyJump ${JSON.stringify(user)}`);
  }
}
