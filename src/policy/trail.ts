import { type Refused, shown } from './refusal.ts';

/**
 * A word, redirection or operator as it stands in the command. The one reading that decides leaves here what it
 * took the part for; copies of a word share the list, so that a note on a copy is a note on the word.
 */
export interface Part {
  readonly source: string;
  readonly roles: string[];
  /** Where it ends in the command. */
  readonly end: number;
}

/** What one part of a command was read as. */
export interface Read {
  /** As it was written, shortened, with invisible characters shown escaped. */
  readonly word: string;
  readonly role: string;
  readonly state: 'read' | 'refused' | 'unread';
}

/** Note what a word was taken for. */
export function note(word: { readonly roles: string[] }, role: string): void {
  word.roles.push(role);
}

/** The parts of `command` in the order in which they stand there, with what a refusal left unread at the end. */
export function readsOf(command: string, trail: readonly Part[], refused?: Refused): readonly Read[] {
  if (!refused) return trail.map(({ source, roles }) => read(source, rolesText(roles)));
  const at = indexOf(trail, refused);
  const reads = trail.map(({ source, roles }, index) => {
    if (index === at) return refusal(source, refused);
    if (roles.length > 0) return read(source, rolesText(roles));
    return index < at ? read(source, 'a word; what it means was not reached') : unread(source);
  });
  const rest = command.slice(trail.at(-1)?.end ?? 0);
  return at < trail.length ? [...reads, ...restOf(rest)] : [...reads, ...refusedIn(rest, refused)];
}

/** The refused part, or the end: what is refused need not be a part, as `&` is none. */
function indexOf(trail: readonly Part[], { roles, source }: Refused): number {
  const noted = roles ? trail.findIndex((part) => part.roles === roles) : -1;
  if (noted >= 0) return noted;
  const last = trail.length - 1;
  return source !== '' && trail[last]?.roles.length === 0 && trail[last].source.includes(source)
    ? last
    : trail.length;
}

/** The refusal in a text of which no part was made. */
function refusedIn(text: string, refused: Refused): readonly Read[] {
  const at = refused.source === '' ? -1 : text.indexOf(refused.source);
  if (at < 0) return [refusal(refused.source || text, refused), ...(refused.source ? restOf(text) : [])];
  const end = at + refused.source.length;
  return [...restOf(text.slice(0, at)), refusal(refused.source, refused), ...restOf(text.slice(end))];
}

function restOf(text: string): readonly Read[] {
  return text.trim() === '' ? [] : [unread(text.trim())];
}

function refusal(source: string, { refusal: { reason } }: Refused): Read {
  return { word: shown(source), role: reason, state: 'refused' };
}

function read(source: string, role: string): Read {
  return { word: shown(source), role, state: 'read' };
}

function unread(source: string): Read {
  return { word: shown(source), role: 'not looked at', state: 'unread' };
}

function rolesText(roles: readonly string[]): string {
  return [...new Set(roles)].join('; ');
}
