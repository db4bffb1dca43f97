import type { z } from 'zod';
import type { Call } from './call.ts';
import type { Config } from './config.ts';
import type { Context, LateText } from './context.ts';
import type { ScoutError } from './errors.ts';
import type { RemoteText } from './remote-text.ts';

export type Fact = string | number | boolean;

/** Remote text of any length. */
export interface TextBody {
  /** All of it; its beginning where it is `longer`. */
  readonly text: RemoteText;
  /** Where `text` is only more of the beginning than any page shows: as much of the end, and the whole. */
  readonly longer?: LateText & { readonly tail: RemoteText };
  /** What stays when it does not fit a page: its beginning, its end, or both. */
  readonly stays: 'head' | 'tail' | 'head and tail';
  /** Where `text` begins in a kept result, when it came from one; else it is kept when it is cut. */
  readonly from?: { readonly id: string; readonly character: number };
  /** What makes this text of the one that is shown for another host: said in its place, and the text is kept. */
  readonly brief?: { readonly against: string; readonly diff: RemoteText };
}

/** A table: one line and one object for the same facts. */
export interface RowsBody {
  readonly header?: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly line: RemoteText;
  /** The line where the ones above it are not there: in the kept rest of a table that was cut. */
  readonly alone?: RemoteText;
  readonly facts: Readonly<Record<string, Fact>>;
}

/** One outcome, of one host or of several hosts that gave the same. */
export interface Entry {
  /** The hosts that it is about; named first. */
  readonly hosts?: readonly string[];
  /** What a person reads after their names: what happened. Empty where `error` says all. */
  readonly heading: string;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly texts: Readonly<Record<string, TextBody>>;
  readonly tables: Readonly<Record<string, RowsBody>>;
  readonly error?: ScoutError;
  readonly image?: { readonly base64: string; readonly mimeType: string };
}

/** The typed outcome of a call before it is fitted to a page. */
export interface Report {
  /** Name of the list of entries in the structured form. */
  readonly list: string;
  readonly entries: readonly Entry[];
  /** Facts of the whole answer, and the line that says them. */
  readonly summary?: { readonly line: string; readonly facts: Readonly<Record<string, Fact>> };
}

export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export const readOnly: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};

/** A tool, as data. `run` is its operation followed by its formatter. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: (config: Config) => string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly offered: (config: Config) => boolean;
  readonly annotations: (config: Config) => Annotations;
  /** `none`: its calls have no deadline, for its operation ends them by itself when nothing happens any more. */
  readonly deadline?: 'none';
  /** `input` has passed the schema. Throws ScoutError when nothing could be answered at all. */
  readonly run: (context: Context, input: unknown, call: Call) => Promise<Report>;
}

interface ToolParts<Input extends z.ZodObject, Data> extends Omit<Tool, 'run' | 'input'> {
  readonly input: Input;
  readonly operation: (context: Context, input: z.output<Input>, call: Call) => Promise<Data>;
  readonly format: (data: Data, context: Context) => Report;
}

/** Join a tool's operation and formatter, keeping their types to themselves. */
export function defineTool<Input extends z.ZodObject, Data>(parts: ToolParts<Input, Data>): Tool {
  const { operation, format, ...tool } = parts;
  return {
    ...tool,
    // the answer room has validated the input with this very schema
    run: async (context, input, call) =>
      format(await operation(context, input as z.output<Input>, call), context),
  };
}

/** A variable of a template that is being typed. */
export interface AskedVariable {
  readonly variable: string;
  readonly prefix: string;
  readonly chosen: Readonly<Record<string, string>>;
}

/** What a variable may be, best first. */
export interface Completions {
  readonly values: readonly string[];
  /** Not all was looked at: there may be more. */
  readonly isCut?: boolean;
}

/** A resource or a resource template (RFC 6570 levels 1 and 2: `{name}` and `{+name}`), as data. */
export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** A URI, or a template where it has braces. */
  readonly uri: string;
  /**
   * Values of a variable that begin with `prefix`, best first. `chosen` are the variables that have a value already;
   * only a machine that is connected is asked.
   */
  readonly complete?: (context: Context, asked: AskedVariable, call: Call) => Promise<Completions>;
  /** A report, or the exact text where the resource is a format of its own (JSON). */
  readonly read: (
    context: Context,
    variables: Readonly<Record<string, string>>,
    call: Call,
  ) => Promise<Report | string>;
}

/** A prompt, as data: a plan for a model, with the arguments of a person filled in. All arguments are needed. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  /** `values` has one for every argument and no other. */
  readonly text: (values: Readonly<Record<string, string>>) => string;
}

interface PromptParts<Name extends string> extends Omit<Prompt, 'arguments' | 'text'> {
  /** What each argument means. */
  readonly arguments: Readonly<Record<Name, string>>;
  /** Whatever of `values` goes into the text goes through `shown`, so that it stays within its quotes. */
  readonly plan: (values: Readonly<Record<Name, string>>) => readonly string[];
}

/** Join the names of a prompt's arguments and its plan, keeping their types to themselves. */
export function definePrompt<Name extends string>(parts: PromptParts<Name>): Prompt {
  const { arguments: meanings, plan, ...prompt } = parts;
  return {
    ...prompt,
    arguments: Object.entries<string>(meanings).map(([name, description]) => ({ name, description })),
    // the answer room has made sure that every argument has a value
    text: (values) => plan(values as Readonly<Record<Name, string>>).join('\n'),
  };
}

/** A value as JSON on one line, in which nothing can end the quotes or hide: for the text of a prompt. */
export function shown(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
