import { isPublicKey } from './public-key.ts';

export type Marker = 'none' | 'revoked' | 'cert-authority';

/** One line of a known_hosts file, its key not yet looked at. */
export interface KnownHostsLine {
  readonly marker: Marker;
  /** Patterns or one hashed name. */
  readonly hosts: string;
  /** Key type, base64 blob, comment. */
  readonly rawKey: string;
  /** Where it stands, for people: path and line number. */
  readonly file: string;
  readonly line: number;
}

export interface KnownKey {
  readonly marker: Marker;
  readonly type: string;
  readonly blob: Buffer;
  readonly file: string;
  readonly line: number;
}

/**
 * The lines of a known_hosts file (sshd(8)) that name a host; blank lines, comments and lines that OpenSSH
 * would skip as malformed are left out. Never throws.
 */
export function parseKnownHosts(text: string, file: string): readonly KnownHostsLine[] {
  return text.split('\n').flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHostsLine | undefined {
  let rest = text.replace(/^[ \t]+/, '');
  if (rest === '' || rest.startsWith('#')) return undefined;
  let marker: Marker = 'none';
  // ssh(1) overlooks a marker that a tab ends where a space follows later; a revocation is honoured here all the same.
  if (rest.startsWith('@')) {
    const match = /^@(revoked|cert-authority)[ \t]+(?!@)(.*)$/s.exec(rest);
    if (!match) return undefined;
    marker = match[1] === 'revoked' ? 'revoked' : 'cert-authority';
    rest = match[2] ?? '';
  }
  const match = /^([^ \t]+)[ \t]+([^ \t#].*)$/s.exec(rest);
  return match ? { marker, hosts: match[1] ?? '', rawKey: match[2] ?? '', file, line } : undefined;
}

/** The key of a line, or undefined where OpenSSH would not read one: wrong type, base64 or structure. */
export function readKey(line: KnownHostsLine): KnownKey | undefined {
  const { marker, file } = line;
  const match = /^([^ \t]+)[ \t]+([^ \t]+)/.exec(line.rawKey);
  const [, claimed = '', base64 = ''] = match ?? [];
  const type = /^rsa-sha2-(256|512)$/.test(claimed) ? 'ssh-rsa' : claimed; // OpenSSH takes them for the key type
  const blob = decodeBase64(base64);
  if (!blob || !isPublicKey(blob, type)) return undefined;
  return { marker, type, blob, file, line: line.line };
}

/** Strict as b64_pton(3): padded, canonical; white space (the \r of a CRLF file) is skipped. */
function decodeBase64(text: string): Buffer | undefined {
  const bare = text.replace(/[\r\v\f]/g, '');
  const blob = Buffer.from(bare, 'base64');
  return bare !== '' && blob.toString('base64') === bare ? blob : undefined;
}
