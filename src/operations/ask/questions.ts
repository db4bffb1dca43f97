import type { Kept } from '../gathered.ts';

/** Commands of the policy by the names of their answers; each is one pipeline, or several with `||` between. */
export type Questions<Name extends string> = Readonly<Record<Name, string>>;

export interface Reply {
  /** The command ended with status 0. */
  readonly ok: boolean;
  /** What it printed, as it came: to be read by a parser, and shown only after it was cleaned. */
  readonly text: string;
  /** Of what it printed; more than those of `text` would be counted where some were no UTF-8. */
  readonly bytes: number;
  /** False where a piece of it was not kept. */
  readonly isWhole: boolean;
}

/** A reply for every question that was answered before the time or the room for the answers ran out. */
export type Replies<Name extends string> = Partial<Readonly<Record<Name, Reply>>>;

/**
 * All questions as one command: after what each prints stands `TAG ok` or `TAG failed`. `tag` is random, so that
 * no output can hold it but by chance.
 */
export function composeQuestions(commands: readonly string[], tag: string): string {
  return commands.map((command) => `${command} && echo ${tag} ok || echo ${tag} failed`).join('; ');
}

/**
 * The answers to the questions called `names`, in their order, from what the command printed. Where a piece was
 * let go, the answers before it are counted from the first question, and those after it from the last.
 */
export function splitReplies<Name extends string>(
  names: readonly Name[],
  tag: string,
  { head, tail, droppedBytes }: Kept,
): Replies<Name> {
  const before = endedTexts(head, tag);
  if (droppedBytes === 0) return named(names, endedTexts(Buffer.concat([head, tail]), tag));
  const after = endedTexts(tail, tag);
  const reachedEnd = new RegExp(`${tag} (?:ok|failed)\n$`).test(Buffer.from(tail).toString('latin1'));
  const [first, ...others] = after;
  const last = names.slice(Math.max(before.length, names.length - after.length));
  return {
    ...named(names, before),
    ...(reachedEnd && first && named(last, [{ ...first, isWhole: false }, ...others])),
  };
}

function named<Name extends string>(names: readonly Name[], replies: readonly Reply[]): Replies<Name> {
  // the names are those of the questions
  return Object.fromEntries(
    names.slice(0, replies.length).map((name, at) => [name, replies[at]]),
  ) as Replies<Name>;
}

/** Every text that an end stands behind. Offsets are bytes: the split is made before characters are read. */
function endedTexts(bytes: Uint8Array, tag: string): readonly Reply[] {
  const text = Buffer.from(bytes).toString('latin1');
  const replies: Reply[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(`${tag} (ok|failed)\n`, 'g'))) {
    const reply = Buffer.from(text.slice(from, match.index), 'latin1');
    replies.push({ ok: match[1] === 'ok', text: reply.toString(), bytes: reply.length, isWhole: true });
    from = match.index + match[0].length;
  }
  return replies;
}
