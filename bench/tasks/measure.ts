import { type Task, tasks } from './tasks.ts';
import type { World } from './world.ts';

/** What a task costs: `calls`, and `bytes` of text that a model reads. */
export interface Cost {
  readonly calls: number;
  readonly bytes: number;
}

/** A change may make a task this much larger. */
const mostGrowth = 0.1;

/** Make the calls of a task. Answers their texts, with what differs between two runs replaced. */
export async function run({ calls }: Task, { scout, names }: World): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const { tool, args } of calls) {
    const { text, nonce } = await scout.call(tool, args);
    texts.push(steady(text.replaceAll(nonce, 'NONCE_______'), names));
  }
  return texts;
}

export function costOf(texts: readonly string[]): Cost {
  return { calls: texts.length, bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
}

/** What of the answer is not in the texts. */
export function missingFrom(texts: readonly string[], { answer }: Task): readonly string[] {
  const all = texts.join('\n');
  return answer
    .filter((wanted) => (typeof wanted === 'string' ? !all.includes(wanted) : !wanted.test(all)))
    .map(String);
}

/** What has grown since the baseline, or is not in it, or is in it without being a task; a line for each. */
export function growth(
  costs: Readonly<Record<string, Cost>>,
  baseline: Readonly<Record<string, Cost>>,
): readonly string[] {
  const grown = Object.entries(costs).flatMap(([question, { calls, bytes }]) => {
    const before = baseline[question];
    if (!before) return [`${question} is not in the baseline`];
    if (calls > before.calls) return [`${question} ${calls} calls, ${before.calls} before`];
    const isGrown = bytes > before.bytes * (1 + mostGrowth);
    return isGrown ? [`${question} ${bytes} bytes, ${before.bytes} before`] : [];
  });
  const gone = Object.keys(baseline).filter((question) => costs[question] === undefined);
  return [...grown, ...gone.map((question) => `${question} is in the baseline only`)];
}

/** For people. */
export function table(costs: Readonly<Record<string, Cost>>): string {
  const rows = tasks.map(({ question }) => {
    const { calls, bytes } = costs[question] ?? { calls: 0, bytes: 0 };
    return `${String(calls).padStart(5)} ${String(bytes).padStart(6)}  ${question}`;
  });
  return ['calls  bytes  task', ...rows].join('\n');
}

/** Durations, versions and names of this run, as long on every machine; and whether that one is a container. */
function steady(text: string, names: World['names']): string {
  const named = names.reduce((whole, [of, instead]) => whole.replaceAll(of, instead), text);
  return named
    .replace(/result:\w{12}/g, 'result:ID__________')
    .replace(/SSH-2\.0-\S+( \S*[Dd]ebian\S*)?/g, 'SSH-2.0-OpenSSH_9.2p1')
    .replace(/, a container: .*/g, '')
    .replace(/\b\d+(\.\d+)? (ms|s|min|h)\b/g, '1 s');
}
