import * as z from 'zod';

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

const errorOutput = z
  .looseObject({
    code: z.string().optional(),
    message: z.string().optional(),
    fix: z.string().optional(),
  })
  .optional();

/**
 * The structured form of every answer: a list of outcomes, each with `fields` or an error, or one error for all, of
 * the same shape. Clients pay for every word of a schema in each conversation, so it declares what a program goes by
 * and not what is always there; an answer may hold more (README, "Tools").
 */
export function answerOutput(fields: z.ZodRawShape): z.ZodObject {
  return z.looseObject({
    results: z.array(z.looseObject({ ...fields, error: errorOutput })),
    error: z.looseObject({}).optional(),
    rest: z.string().optional(),
  });
}

/** `answerOutput` of a tool that asks many hosts: with how many did what. */
export function hostsOutput(fields: z.ZodRawShape): z.ZodObject {
  return answerOutput({ ...outcomeHosts, ...fields }).extend({
    ok: z.number().optional(),
    failed: z.number().optional(),
    timed_out: z.number().optional(),
    differing: z.number().optional(),
  });
}

/** A remote text: all of it, or its beginning and the target under which the rest can be read. */
export function textOutput(name: string): z.ZodRawShape {
  return { [name]: z.string().optional(), ...restOutput(name) };
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

/** The hosts of an outcome: all, or the first ones and where the others are. */
const outcomeHosts: z.ZodRawShape = { hosts: z.array(z.string()).optional(), ...restOutput('hosts') };

function restOutput(name: string): z.ZodRawShape {
  return { [`${name}_rest`]: z.string().optional() };
}
