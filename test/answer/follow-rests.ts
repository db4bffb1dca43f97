import { composeAnswer } from '../../src/answer/compose-answer.ts';
import type { KeptResults } from '../../src/context.ts';
import { formatReadings } from '../../src/format/format-readings.ts';
import { readKept } from '../../src/operations/read-kept.ts';
import { parseTarget } from '../../src/operations/target.ts';
import { toRemoteText } from '../../src/remote-text.ts';

/** The pages of a kept result, as scout_read gives them one after the other; each within `pageBytes`. */
export function followRests(kept: KeptResults, target: string, pageBytes: number): readonly string[] {
  const pages: string[] = [];
  for (let next: string | undefined = target; next !== undefined; ) {
    const parsed = parseTarget(next);
    if (parsed.kind !== 'result') throw new Error(`${next} is no kept result`);
    const reading = readKept({ kept }, parsed, {});
    const answer = composeAnswer(
      formatReadings([reading], { clean: (remote) => toRemoteText(remote) }),
      pageBytes,
      kept,
    );
    const size = Math.max(
      Buffer.byteLength(answer.text),
      Buffer.byteLength(JSON.stringify(answer.structured)),
    );
    if (size > pageBytes) throw new Error(`a page of ${size} bytes`);
    const [result] = answer.structured.results as { text: string; text_rest?: string }[];
    if (!result) throw new Error('a page without its text');
    pages.push(result.text);
    next = result.text_rest;
  }
  return pages;
}
