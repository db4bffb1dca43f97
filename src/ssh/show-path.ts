import { type RemoteText, toRemoteLine } from '../remote-text.ts';

/** A path of the caller in a message: on one line, with nothing invisible, and with an end to it. */
export function showPath(path: string): RemoteText {
  return toRemoteLine(path === '' ? '~' : path, 200);
}
