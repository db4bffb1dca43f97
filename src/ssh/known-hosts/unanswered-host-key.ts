import { ScoutError } from '../../errors.ts';

/**
 * The person at the client is being asked about an unknown host key. Their time is not the connection's: sshd ends
 * one that nobody logs in on (LoginGraceTime of sshd_config(5)), so it is given up, and made anew once the key is
 * accepted.
 */
export class UnansweredHostKey extends ScoutError {
  /** Fulfilled when the key is accepted; rejects with ScoutError `host_key_unknown` when it is not. */
  readonly accepted: Promise<void>;

  constructor(refusal: ScoutError, accepted: Promise<void>) {
    super(
      'host_key_unknown',
      `${refusal.message}; the person at the client was asked, and has not answered yet`,
      'Ask the person to answer the question that the client shows, and call again once the key is accepted.',
    );
    this.accepted = accepted;
  }
}
