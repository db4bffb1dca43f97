import { createHash } from 'node:crypto';
import type { ScoutError } from '../errors.ts';
import { withoutHost } from './name-host.ts';

export interface Group<T> {
  readonly hosts: readonly string[];
  /** One a host, in the order of `hosts`; equal in everything that the key covers. */
  readonly values: readonly [T, ...T[]];
}

/** Put together outcomes whose `bytesOf` are the same, in the order of first appearance. */
export function groupEqual<T>(
  outcomes: readonly { readonly host: string; readonly value: T }[],
  bytesOf: (value: T) => readonly (Uint8Array | string)[],
): readonly Group<T>[] {
  const [first, ...others] = outcomes;
  if (first && others.length === 0) return [{ hosts: [first.host], values: [first.value] }];
  const groups = new Map<string, { hosts: string[]; values: [T, ...T[]] }>();
  for (const { host, value } of outcomes) {
    const digest = createHash('sha256');
    for (const part of bytesOf(value)) digest.update(`${Buffer.byteLength(part)}:`).update(part);
    const key = digest.digest('base64');
    const group = groups.get(key);
    if (group) {
      group.hosts.push(host);
      group.values.push(value);
    } else groups.set(key, { hosts: [host], values: [value] });
  }
  return [...groups.values()];
}

export interface FailureGroup {
  readonly hosts: readonly string[];
  /** The error of the first host; the others' say the same of themselves. */
  readonly error: ScoutError;
}

/** Put together failures that say the same but for the name of the host. */
export function groupFailures(
  failures: readonly { readonly host: string; readonly error: ScoutError }[],
): readonly FailureGroup[] {
  const groups = new Map<string, { hosts: string[]; error: ScoutError }>();
  for (const { host, error } of failures) {
    const key = JSON.stringify([
      error.code,
      ...[error.message, error.fix].map((text) => withoutHost(text, host)),
    ]);
    const group = groups.get(key);
    if (group) group.hosts.push(host);
    else groups.set(key, { hosts: [host], error });
  }
  return [...groups.values()];
}
