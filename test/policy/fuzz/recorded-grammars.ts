import type { Grammar } from '../../../src/policy/grammar.ts';
import type * as options from '../../../src/policy/options.ts';

/** The grammars that the program tables were made of, by the name given there. Filled where a test mocks `options.ts`. */
export const recorded: (readonly [name: string, grammar: Grammar])[] = [];

/**
 * The module with a `program` that notes its grammar, for the first lines of a test:
 *
 *   vi.mock('../../src/policy/options.ts', async (original) =>
 *     (await import('./fuzz/recorded-grammars.ts')).recording(await original()));
 */
export function recording(original: typeof options): typeof options {
  return {
    ...original,
    program: (...args) => {
      recorded.push([args[0], args[1]]);
      return original.program(...args);
    },
  };
}
