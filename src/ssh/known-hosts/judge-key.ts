import type { KnownKey } from './known-hosts-line.ts';
import { keyTypeOf } from './public-key.ts';
import type { HostKeyVerdict } from './verdict.ts';

export type Decision = Pick<HostKeyVerdict, 'state' | 'decidedBy' | 'certified' | 'uncertified'>;

/**
 * Judge a key by the lines of its host, as ssh(1) does: a revoked mark beats everything; a match beats keys that
 * differ; any other key of the host, whatever its type, makes it a changed one.
 */
export function judgeKey(keys: readonly KnownKey[], blob: Buffer): Decision {
  const same = (marker: KnownKey['marker']) =>
    keys.find((key) => key.marker === marker && key.blob.equals(blob));
  const revoked = same('revoked');
  if (revoked) return { state: 'revoked', decidedBy: placeOf(revoked) };
  const match = same('none');
  if (match) return { state: 'known', decidedBy: placeOf(match) };
  const type = keyTypeOf(blob);
  const others = keys.filter((key) => key.marker === 'none');
  const other = others.find((key) => key.type === type) ?? others.at(-1);
  return other ? { state: 'changed', decidedBy: placeOf(other) } : { state: 'unknown' };
}

/**
 * What a line under the bare host name adds for a host unknown with its port: a match, and nothing else. A change or
 * a revoked mark there says nothing of `[host]:port` to ssh(1) either.
 */
export function judgeWithoutPort(keys: readonly KnownKey[], blob: Buffer): Decision {
  const bare = judgeKey(keys, blob);
  return bare.state === 'known' ? bare : { state: 'unknown' };
}

export function placeOf({ file, line }: KnownKey): { file: string; line: number } {
  return { file, line };
}
