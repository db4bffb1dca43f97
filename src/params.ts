import { z } from 'zod';

/** HOSTS of the product contract: aliases, globs and exclusions, comma-separated. */
export const hostsParam = z
  .string()
  .min(1)
  .max(4_096)
  .describe('alias, comma-separated list, globs, `!` excludes: "web*,!web3"');

/** Targets of the product contract: `HOSTS:PATH`. */
export const targetsParam = z
  .array(z.string().min(1).max(16_384))
  .min(1)
  .max(100)
  .describe(
    'each HOSTS:PATH, such as "web*:/etc/hostname"; PATH absolute, ~/… or relative to the home; or result:ID',
  );

const errorOutput = z.object({ code: z.string(), message: z.string(), fix: z.string() }).optional();

/** The structured form of every answer: a list of outcomes, each with `fields` or an error, or one error for all. */
export function answerOutput(fields: z.ZodRawShape): z.ZodObject {
  return z.looseObject({
    results: z.array(z.looseObject({ ...fields, error: errorOutput })),
    error: errorOutput,
    ok: z.number().optional(),
    failed: z.number().optional(),
    timed_out: z.number().optional(),
    differing: z.number().optional(),
    redacted: z.number().optional(),
    more_results: z.number().optional(),
    rest: z.string().optional(),
  });
}

/** A remote text: all of it, or its beginning, perhaps its end, and the target under which the rest can be read. */
export function textOutput(name: string): z.ZodRawShape {
  return {
    [name]: z.string().optional(),
    [`${name}_tail`]: z.string().optional(),
    ...restOutput(name),
  };
}

/** A text that may be said by a diff against the same text of another host; the target of the text itself. */
export function briefOutput(name: string): z.ZodRawShape {
  return {
    diff_against: z.string().optional(),
    [`${name}_diff`]: z.string().optional(),
    [`${name}_whole`]: z.string().optional(),
  };
}

/** A table: all of its rows, or the first ones and the target under which the others can be read. */
export function tableOutput(name: string, row: z.ZodRawShape): z.ZodRawShape {
  return { [name]: z.array(z.looseObject(row)).optional(), ...restOutput(name) };
}

/** The hosts of an outcome: all, or the first ones, how many there are, and where the others are. */
export const outcomeHosts: z.ZodRawShape = {
  hosts: z.array(z.string()).optional(),
  hosts_total: z.number().optional(),
  hosts_rest: z.string().optional(),
};

function restOutput(name: string): z.ZodRawShape {
  return { [`${name}_rest`]: z.string().optional(), [`${name}_hidden_bytes`]: z.number().optional() };
}
