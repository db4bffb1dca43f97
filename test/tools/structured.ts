import { expect } from 'vitest';
import type { Answer } from '../../src/answer/compose-answer.ts';
import { tools } from '../../src/tools/index.ts';

/** A result as clients see it; tests look into it by name. */
// biome-ignore lint/suspicious/noExplicitAny: what a test asserts is what it asserts
export type Result = Record<string, any>;

/** The results of an answer, which keep the output schema of their tool and fit a page in both forms. */
export function resultsOf(tool: string, answer: Answer, pageBytes = 24 * 1024): Result[] {
  const schema = tools.find(({ name }) => name === tool)?.output;
  expect(schema?.safeParse(answer.structured).error).toBeUndefined();
  expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(pageBytes);
  expect(Buffer.byteLength(JSON.stringify(answer.structured))).toBeLessThanOrEqual(pageBytes);
  const { results } = answer.structured;
  return results as Result[]; // as the schema has it
}

/** The only one. */
export function resultOf(tool: string, answer: Answer): Result {
  const [result, ...others] = resultsOf(tool, answer);
  if (!result || others.length > 0)
    throw new Error(`${others.length + (result ? 1 : 0)} results:\n${answer.text}`);
  return result;
}

/** The text of an answer with its nonce as NONCE, and what differs between two calls left out. */
export function steadyText({ text, nonce }: Answer): string {
  return text.replaceAll(nonce, 'NONCE').replace(/, \d+(\.\d)? m?s(?=[,\n])/g, ', TIME');
}
