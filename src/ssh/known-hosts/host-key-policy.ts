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
 * ssh(1) does; it then turns off password login and forwarding, which this program never uses.
 */
export function decideHostKey(verdict: HostKeyVerdict, checking: StrictHostKeyChecking): HostKeyDecision {
  if (verdict.state === 'known') return { accept: true, save: false, ask: false };
  if (verdict.state === 'unknown') {
    const accept = checking === 'accept-new' || checking === 'no';
    return { accept, save: checking !== 'yes', ask: checking === 'ask' };
  }
  return { accept: checking === 'no', save: false, ask: false };
}
