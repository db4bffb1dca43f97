import type { HostKeyVerdict } from './verdict.ts';

export type StrictHostKeyChecking = 'yes' | 'ask' | 'accept-new' | 'no';

export interface HostKeyDecision {
  readonly accept: boolean;
  /** Add the key to known_hosts once it is accepted. */
  readonly save: boolean;
  /** Ask the human, if there is a way; refuse otherwise. */
  readonly ask: boolean;
}

/**
 * What ssh_config(5) StrictHostKeyChecking makes of a verdict. `no` lets even a changed or revoked key in, as
 * ssh(1) does; it then turns off password login and forwarding, which this program never uses. Without a file of the
 * user (`hasFile`), where an unknown key could be kept, none is let in, whatever the rule.
 */
export function decideHostKey(
  verdict: HostKeyVerdict,
  checking: StrictHostKeyChecking,
  hasFile: boolean,
): HostKeyDecision {
  if (verdict.state === 'known') return { accept: true, save: false, ask: false };
  if (verdict.state === 'unknown' && hasFile) {
    const accept = checking === 'accept-new' || checking === 'no';
    return { accept, save: checking !== 'yes', ask: checking === 'ask' };
  }
  return { accept: verdict.state !== 'unknown' && checking === 'no', save: false, ask: false };
}
