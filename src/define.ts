import type { z } from 'zod';
import type { Call } from './call.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import type { ScoutError } from './errors.ts';
import type { RemoteText } from './remote-text.ts';

export type Fact = string | number | boolean;

/** Remote text of any length. */
export interface TextBody {
  readonly text: RemoteText;
  /** What stays when it does not fit a page: its beginning, or its beginning and its end. */
  readonly stays: 'head' | 'head and tail';
  /** Where `text` begins in a kept result, when it came from one; else it is kept when it is cut. */
  readonly from?: { readonly id: string; readonly character: number };
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

/** A resource or a resource template (RFC 6570 levels 1 and 2: `{name}` and `{+name}`), as data. */
export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** A URI, or a template where it has braces. */
  readonly uri: string;
  /** Values of a variable that begin with `prefix`, best first; only what is known without asking a machine. */
  readonly complete?: (context: Context, variable: string, prefix: string) => Promise<readonly string[]>;
  /** A report, or the exact text where the resource is a format of its own (JSON). */
  readonly read: (
    context: Context,
    variables: Readonly<Record<string, string>>,
    call: Call,
  ) => Promise<Report | string>;
}
