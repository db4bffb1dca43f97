import { formatDuration } from '../units.ts';
import type { DemoAnswer, DemoRequest } from './demo-client.ts';
import type { DemoStep } from './demo-steps.ts';

const width = 110;
const headLines = 9;
const tailLines = 2;

/** A question and its answer as lines for a person; what is long is shortened. */
export function showStep(
  number: number,
  question: string,
  request: DemoRequest,
  answer: string,
  durationMs: number,
): readonly string[] {
  return [
    '',
    `${String(number).padStart(2)}. ${question}`,
    `    ${clip(describe(request))} → ${formatDuration(durationMs)}`,
    ...shorten(answer).map((line) => `    │ ${clip(line)}`),
  ];
}

/** What the answer should have held and does not; undefined when it is as it should be. */
export function missing(step: DemoStep, { text, isError }: DemoAnswer): string | undefined {
  if (isError !== (step.refused ?? false)) return isError ? 'an answer without an error' : 'a refusal';
  let rest = text;
  for (const wanted of step.expected) {
    const at = typeof wanted === 'string' ? rest.indexOf(wanted) : rest.search(wanted);
    if (at < 0) return String(wanted);
    rest = rest.slice(at);
  }
  return undefined;
}

function describe(request: DemoRequest): string {
  if ('tool' in request) return `${request.tool} ${JSON.stringify(request.args)}`;
  if ('resource' in request) return `read ${request.resource}`;
  if ('template' in request)
    return `complete ${request.template} with ${request.variable}=${request.prefix}…`;
  if ('prompt' in request) return `prompt ${request.prompt} ${JSON.stringify(request.args)}`;
  return 'list tools, resources, templates and prompts';
}

function shorten(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const hidden = lines.length - headLines - tailLines;
  if (hidden <= tailLines) return lines;
  return [...lines.slice(0, headLines), `   … ${hidden} more lines …`, ...lines.slice(-tailLines)];
}

function clip(line: string): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
