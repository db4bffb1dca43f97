import type { Prompt } from '../define.ts';
import { ScoutError } from '../errors.ts';

const longestValue = 2_000;

/**
 * The text of a prompt. Throws ScoutError `invalid_argument` for one that there is not, and for an argument that is
 * missing, empty, unknown or longer than 2,000 characters.
 */
export function fillPrompt(
  prompts: readonly Prompt[],
  name: string,
  values: Readonly<Record<string, string>>,
): string {
  const prompt = prompts.find((each) => each.name === name);
  if (!prompt) {
    const known = prompts.map((each) => each.name).join(', ');
    throw new ScoutError('invalid_argument', `unknown prompt ${quoted(name)}`, `There are: ${known}.`);
  }
  const names = prompt.arguments.map((argument) => argument.name);
  const problem = problemOf(names, values);
  if (problem === undefined) return prompt.text(values);
  throw new ScoutError(
    'invalid_argument',
    `prompt ${name}: ${problem}`,
    `Its arguments are: ${names.join(', ')}.`,
  );
}

function problemOf(names: readonly string[], values: Readonly<Record<string, string>>): string | undefined {
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) return `unknown argument ${quoted(unknown)}`;
  const missing = names.find((name) => !Object.hasOwn(values, name) || values[name]?.trim() === '');
  if (missing !== undefined) return `${missing} is missing`;
  const long = names.find((name) => (values[name]?.length ?? 0) > longestValue);
  return long === undefined ? undefined : `${long} is longer than ${longestValue} characters`;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
