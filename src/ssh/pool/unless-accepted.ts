import { abortReason, raceAbort } from '../../call.ts';
import { asScoutError, type ScoutError } from '../../errors.ts';
import { UnansweredHostKey } from '../known-hosts/unanswered-host-key.ts';

/**
 * The error that stands; undefined once the person accepts the host key that it is about. A call whose time is over
 * before that says that they were asked.
 */
export async function unlessAccepted(
  error: ScoutError,
  signal: AbortSignal,
): Promise<ScoutError | undefined> {
  if (!(error instanceof UnansweredHostKey)) return error;
  try {
    await raceAbort(error.accepted, signal);
    return undefined;
  } catch (refusal) {
    if (!signal.aborted) return asScoutError(refusal);
    const reason = abortReason(signal);
    return reason.code === 'cancelled' ? reason : error;
  }
}
