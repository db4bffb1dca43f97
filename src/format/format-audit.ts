import type { AuditReport } from '../observe/verify-audit.ts';
import { toRemoteLine } from '../remote-text.ts';

/** What was found in an audit log, for a person: each run, then what belongs to none, then the verdict. */
export function formatAudit({ runs, problems, notes, ...rest }: AuditReport): string {
  const lines = [
    ...runs.flatMap((run) => [
      `run ${run.run}: ${run.broken ? 'BROKEN' : 'whole'}`,
      `  ${count(run.lines, 'line')}, ${run.firstTime} to ${run.lastTime || '?'}`,
      ...(run.broken ? [`  ${at(run.broken)}: ${run.broken.why}`] : []),
      ...(run.head === '' ? [] : [`  head ${run.head}${run.broken ? ' (before the break)' : ''}`]),
      ...run.notes.map((note) => `  note: ${note}`),
    ]),
    ...problems.map((problem) => `${at(problem)}: ${problem.why}`),
    ...others(rest.problemCount - problems.length, 'problem'),
    ...notes.map((note) => `note: ${at(note)}: ${note.what}`),
    ...others(rest.noteCount - notes.length, 'note'),
    ...rest.missingHeads.map(
      (head) => `head ${head} is on no line: a tail was cut off, or this is another log`,
    ),
  ];
  return [...lines, verdict(runs.length, rest.whole)].join('\n');
}

function verdict(runs: number, isWhole: boolean): string {
  if (!isWhole) return 'The audit log is NOT whole.';
  return runs === 0 ? 'The audit log has no line.' : `The audit log is whole: ${count(runs, 'run')}.`;
}

/** A file name may hold anything. */
function at({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${toRemoteLine(file)} line ${line}`;
}

function others(more: number, what: string): readonly string[] {
  return more > 0 ? [`… and ${count(more, `more ${what}`)}`] : [];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
