import { type RemoteText, toRemoteLine } from '../remote-text.ts';
import { maxOwnerLength } from './files.ts';

/** Names of owners as they are shown, for one listing: few, and each is met over and over. */
export type OwnerTexts = Map<string, RemoteText>;

/** `latin1`: `name` has one character for each byte of the machine. */
export function ownerText(known: OwnerTexts, name: string, encoding: 'latin1' | 'utf8'): RemoteText {
  const shown = known.get(name) ?? toRemoteLine(Buffer.from(name, encoding), maxOwnerLength);
  known.set(name, shown);
  return shown;
}
