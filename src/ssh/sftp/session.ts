import type { SFTPWrapper } from 'ssh2';
import { abortReason } from '../../call.ts';
import type { ScoutError } from '../../errors.ts';
import { Handles } from './handles.ts';
import { connectionLost } from './sftp-error.ts';

/** What cannot be taken back has so long to be answered when its user is told to stop, in ms. */
const lastWordMs = 5_000;

/** One request: gives it to ssh2 with the callback that ends it. */
export type Request<T> = (
  sftp: SFTPWrapper,
  done: (error: Error | null | undefined, value: T) => void,
) => void;

/**
 * Requests are sent in the order asked. One that `isFinal` cannot be taken back, so its answer is waited for although
 * the signal aborts: for 5 s at most.
 */
export type Ask = <T>(send: Request<T>, isFinal?: boolean) => Promise<T>;

/** One SFTP channel, shared by the reads of one host. */
export interface SftpSession {
  readonly isOpen: boolean;
  readonly handles: Handles;
  /**
   * Run `work`, whose requests all reject when the channel closes (ScoutError `connection_lost`) or the signal
   * aborts (its reason). ssh2 by itself leaves requests on a dead channel without an answer for ever.
   */
  use<T>(signal: AbortSignal, work: (ask: Ask) => Promise<T>): Promise<T>;
  /** Take no further work, and close the channel when the last running one has ended. */
  retire(): void;
}

/** A request without an answer. It forgets its promise when it has one: a Map goes on to hold what was in it. */
interface Pending {
  reject: ((reason: ScoutError) => void) | undefined;
  readonly isFinal: boolean;
}

/** The session over a ready SFTP channel. */
export function createSftpSession(sftp: SFTPWrapper): SftpSession {
  const running = new Set<(reason: ScoutError) => void>();
  let open = true;
  let closed = false;

  const close = () => {
    open = false;
    closed = true;
    for (const interrupt of running) interrupt(connectionLost());
  };
  sftp.on('error', close); // stays for ever: ssh2 may report twice, and an error nobody hears ends the process
  sftp.on('end', close); // comes before 'close', and also where the server alone has ended

  const retire = () => {
    open = false;
    if (running.size === 0 && !closed) sftp.end();
  };

  return {
    get isOpen() {
      return open;
    },
    handles: new Handles(),
    async use(signal, work) {
      const pending = new Set<Pending>();
      let ended: ScoutError | undefined;
      let lastWord: NodeJS.Timeout | undefined;
      const interrupt = (reason: ScoutError, isFinalToo = true) => {
        ended = reason;
        for (const request of pending) {
          if (request.isFinal && !isFinalToo) continue;
          pending.delete(request);
          request.reject?.(reason);
        }
      };
      const abort = () => {
        // An answer that is still due may never come (a FIFO took the file's place) and hold up all later ones.
        if (pending.size > 0) open = false;
        interrupt(abortReason(signal), false);
        if (pending.size > 0) lastWord = setTimeout(interrupt, lastWordMs, abortReason(signal));
      };
      const ask: Ask = async (send, isFinal = false) => {
        if (ended) throw ended;
        return await new Promise((resolve, reject) => {
          const request: Pending = { reject, isFinal };
          pending.add(request);
          send(sftp, (error, value) => {
            request.reject = undefined;
            if (!pending.delete(request)) return;
            if (error) reject(error);
            else resolve(value);
          });
        });
      };
      if (signal.aborted) throw abortReason(signal);
      if (closed) throw connectionLost();
      running.add(interrupt);
      signal.addEventListener('abort', abort, { once: true });
      try {
        return await work(ask);
      } finally {
        clearTimeout(lastWord);
        signal.removeEventListener('abort', abort);
        running.delete(interrupt);
        if (!open) retire();
      }
    },
    retire,
  };
}
