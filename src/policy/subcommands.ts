import type { Program, Refusals } from './grammar.ts';
import { readOptions } from './notation.ts';
import { Refused } from './refusal.ts';
import { note } from './trail.ts';
import type { Word } from './word.ts';

export interface Subcommands {
  /** One program for each sub-command, called by its exact name. */
  readonly verbs: readonly Program[];
  /** The sub-command that a bare call stands for. */
  readonly bare?: string;
  /** Options with a value that people write before the sub-command, in the notation of `readOptions`. */
  readonly before?: string;
  /** Always printed before the sub-command; taken only as it is printed. */
  readonly forced?: readonly string[];
  readonly refused?: Refusals;
}

/**
 * A program whose first operand says what it does. Options before that word are read as if they stood after it,
 * which is where they are printed. Sub-commands are never abbreviated.
 */
export function subcommands(name: string, table: Subcommands): Program {
  const valued = readOptions(table.before ?? '');
  const verbs = new Map(table.verbs.map((verb) => [verb.name, verb]));
  return {
    name,
    read: (all) => {
      const forced = table.forced ?? [];
      const isPrinted = forced.length > 0 && forced.every((word, index) => all[index]?.value === word);
      const args = isPrinted ? all.slice(forced.length) : all;
      const at = verbAt(args, (option) => valued.get(option)?.value === 'required');
      for (const option of isPrinted ? all.slice(0, forced.length) : []) note(option, 'always there');
      const word = args[at];
      for (const option of args.slice(0, at)) refuseKnown(option, table.refused ?? {});
      const verb = verbs.get(word === undefined ? (table.bare ?? '') : word.value);
      if (!verb || word?.glob || word?.tilde) throw unknownVerb(name, word, table);
      if (word) note(word, `sub-command ${verb.name}`);
      return [
        ...forced,
        verb.name,
        ...verb.read(args.filter((_, index) => index !== at || word === undefined)),
      ];
    },
  };
}

/** Where the first operand is, or the end. */
function verbAt(args: readonly Word[], takesNext: (option: string) => boolean): number {
  let at = 0;
  for (; at < args.length; at++) {
    const value = args[at]?.value ?? '';
    if (!value.startsWith('-')) return at;
    if (takesNext(value)) at++;
  }
  return args.length;
}

function refuseKnown(word: Word, refused: Refusals): void {
  const option = /^(?:--[^=]*|-.)/su.exec(word.value)?.[0] ?? '';
  const known = refused[option];
  if (known) throw new Refused(word, `${option}: ${known[0]}`, known[1]);
}

function unknownVerb(name: string, word: Word | undefined, table: Subcommands): Refused {
  const known = table.refused?.[word?.value ?? ''];
  if (word && known) return new Refused(word, `${name} ${word.value}: ${known[0]}`, known[1]);
  const names = table.verbs.map((verb) => verb.name).join(' ');
  return new Refused(
    word?.source ?? name,
    'a sub-command, in full, that is known to be harmless must come here',
    `${name} with one of: ${names}`,
  );
}
