import { createHmac } from 'node:crypto';
import { matchPatternList } from '../hosts/pattern.ts';

/**
 * Does the first field of a known_hosts line stand for `name` (lower case: a host name, `[host]:port` or a HostKeyAlias)?
 * sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: one hashed name `|1|salt|hash`, or patterns with `*`, `?` and `!`.
 * Both as latin1, one character a byte.
 */
export function matchesHostField(field: string, name: string): boolean {
  return field.startsWith('|')
    ? matchesHashed(field, name)
    : matchPatternList(name, field, true) === 'matched';
}

/** `|1|salt|hash` for `name`, as HashKnownHosts writes it. `salt` has 20 bytes. */
export function hashHostName(name: string, salt: Buffer): string {
  const hash = createHmac('sha1', salt).update(name, 'latin1').digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

function matchesHashed(field: string, name: string): boolean {
  const salt = /^\|1\|([A-Za-z0-9+/]{27}=)\|/.exec(field)?.[1];
  return salt !== undefined && hashHostName(name, Buffer.from(salt, 'base64')) === field;
}
