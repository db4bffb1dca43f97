import type { ExplainedCommand } from '../operations/explain-command.ts';
import { alignColumns } from './names.ts';

type Read = ExplainedCommand['reads'][number];

const colours: Readonly<Record<Read['state'], string>> = { read: '0', refused: '31', unread: '2' };

/** What the setting SCOUT_QUERY_POLICY makes of the verdict. */
const notes: Readonly<Record<ExplainedCommand['policy'], string | undefined>> = {
  readonly: undefined,
  walled:
    'SCOUT_QUERY_POLICY=walled: what readonly refuses runs on hosts with the full kernel wall; their kernel holds it.',
  off: 'SCOUT_QUERY_POLICY=off: scout_query is not offered; this is what the policy would say.',
  unrestricted:
    'SCOUT_QUERY_POLICY=unrestricted: any command runs as it is written; the words are as readonly reads them.',
};

/** A command for a person: a line for each of its words, what is sent, the verdict. */
export function formatExplanation(
  { policy, sent, refused, elsewhere, reads }: ExplainedCommand,
  inColour: boolean,
): string {
  const rows = reads.map(({ word, role, state }) => [word, state === 'refused' ? `refused: ${role}` : role]);
  const [head = '', ...lines] = alignColumns([['WORD', 'READ AS'], ...rows]);
  const note = notes[policy];
  return [
    head,
    ...lines.map((line, at) => coloured(line, reads[at]?.state ?? 'read', inColour)),
    '',
    ...(note === undefined ? [] : [note]),
    ...(refused
      ? [`Verdict: refused: ${refused.message}`, refused.fix]
      : [`Sent as: ${sent}`, `Verdict: allowed${elsewhere ? ' where the wall is full' : ''}`]),
    ...(elsewhere ? [`Elsewhere: refused: ${elsewhere.message}`, elsewhere.fix] : []),
  ].join('\n');
}

/** The same facts for machines. */
export function structureExplanation({
  policy,
  sent,
  refused,
  elsewhere,
  reads,
}: ExplainedCommand): Record<string, unknown> {
  return {
    allowed: refused === undefined,
    policy,
    ...(sent !== undefined && { sent }),
    ...(elsewhere && {
      elsewhere: { code: elsewhere.code, message: elsewhere.message, fix: elsewhere.fix },
    }),
    ...(refused && { error: { code: refused.code, message: refused.message, fix: refused.fix } }),
    words: reads,
  };
}

function coloured(line: string, state: Read['state'], inColour: boolean): string {
  return inColour && state !== 'read' ? `\x1b[${colours[state]}m${line}\x1b[0m` : line;
}
