import type { z } from 'zod';
import { ScoutError } from '../errors.ts';
import { toRemoteLine } from '../remote-text.ts';

/**
 * The arguments as the schema takes them. Throws ScoutError `invalid_argument` that names what is wrong; a value
 * is shown short and escaped, for the caller may have taken it from anywhere.
 */
export function validate(door: string, schema: z.ZodObject, args: unknown): unknown {
  const parsed = schema.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.slice(0, 3).map((issue) => describe(issue, args));
  const known = Object.entries(schema.shape).map(([name, field]) =>
    field.safeParse(undefined).success ? `${name}?` : name,
  );
  throw new ScoutError(
    'invalid_argument',
    `${door}: ${wrong.join('; ')}`,
    `Its arguments are: ${known.join(', ')}.`,
  );
}

function describe(issue: z.core.$ZodIssue, args: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const shown = issue.keys.slice(0, 3).map((key) => JSON.stringify(toRemoteLine(key, 60)));
    const others = issue.keys.length > shown.length ? ` and ${issue.keys.length - shown.length} more` : '';
    return `unknown argument ${shown.join(', ')}${others}`;
  }
  const [first, ...below] = issue.path;
  if (first === undefined) return `the arguments: ${issue.message}`;
  const isMissing = issue.code === 'invalid_type' && below.length === 0 && !Object.hasOwn(args ?? {}, first);
  return isMissing ? `${String(first)} is missing` : `${issue.path.join('.')}: ${issue.message}`;
}
