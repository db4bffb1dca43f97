import type { Ask } from './session.ts';

/**
 * Close a handle behind what is made of its file in this turn. Nothing waits for the answer: after a loss or an abort
 * there is none, and the channel is given up.
 */
export function closeLater(ask: Ask, handle: Buffer): void {
  setImmediate(() => ask<void>((sftp, done) => sftp.close(handle, (error) => done(error))).catch(() => {}));
}
