import fc from 'fast-check';
import { disagreements } from './disagreement.ts';
import { generatedLookup } from './generated-config.ts';
import type { SshOracle } from './ssh-oracle.ts';

/** Ask ssh and ourselves about generated configurations; the report names every one on which the two disagree. */
export async function compareGenerated(
  oracle: SshOracle,
  numRuns: number,
  seed: number,
): Promise<{ readonly accepted: number; readonly refused: number; readonly found: readonly string[] }> {
  const defaults = await oracle.defaults();
  const lookups = fc.sample(generatedLookup, { numRuns, seed });
  const answers = oracle.ask(lookups);
  const found: string[] = [];
  for (const [index, { files, host }] of lookups.entries()) {
    const answer = answers[index];
    if (!answer) throw new Error(`ssh gave no answer to lookup ${index}`);
    const differences = await disagreements(oracle.book(files), host, answer, defaults);
    if (differences.length > 0)
      found.push(`seed ${seed}, #${index}: ${differences.join('; ')}\n${shown(files)}`);
  }
  const refused = answers.filter((answer) => 'error' in answer).length;
  return { accepted: answers.length - refused, refused, found };
}

function shown(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, text]) => `--- ${path}\n${text}`)
    .join('\n');
}
