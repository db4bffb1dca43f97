import type { Word } from './word.ts';

/** A word of the printed command: text to be quoted, or a word of the user whose `~` or pattern stays alive. */
export type Token = string | Word;

/** What one program may be asked to do. */
export interface Program {
  readonly name: string;
  /**
   * The words after the program's name, read and put in the order in which they are printed. Throws Refused for
   * what is not known to be harmless.
   */
  readonly read: (args: readonly Word[]) => readonly Token[];
}

/** Why a well-known option is not there, and what does the job. Anything else that is unknown is refused as well. */
export type Refusals = Readonly<Record<string, readonly [reason: string, instead: string]>>;

export interface Grammar {
  /** In the notation of `readOptions`. */
  readonly options?: string;
  /** In the notation of `readOperands`; may depend on the options seen (by their printed spelling). */
  readonly operands: string | ((seen: ReadonlySet<string>) => string);
  /** With these options (by their printed spelling) it reads all of the working directory where no path is given. */
  readonly readsHere?: (seen: ReadonlySet<string>) => boolean;
  /** The option that `-20` stands for. */
  readonly number?: string;
  /** Options that are always printed first, each with its value. */
  readonly forced?: readonly (readonly [option: string, value?: string])[];
  /** Operands that begin with + are options in disguise on some systems. */
  readonly refusePlus?: true;
  readonly refused?: Refusals;
}
