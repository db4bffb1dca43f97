import type { Entry, Report, RowsBody } from '../define.ts';
import type { Left } from '../operations/beam/plan-tree.ts';
import type { BeamData } from '../operations/beam-files.ts';
import { compose, toRemoteLine, toRemoteText } from '../remote-text.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { oneLine } from './names.ts';

/** Of each list so many are shown; the counts are of all. */
const mostRows = 200;

/** What was copied, how it was verified, and what was left out. */
export function formatBeam(data: BeamData): Report {
  const { from, to, outcome, durationMs, movedBytes } = data;
  const ends = { from: oneLine(toRemoteText(from)), to: oneLine(toRemoteText(to)) };
  const rate = formatBytes(Math.round((movedBytes * 1_000) / Math.max(1, durationMs)));
  const heading = [
    `copied ${ends.from} to ${ends.to}`,
    ...(outcome.kind === 'file' ? fileWords(outcome) : treeWords(outcome)),
    `${formatBytes(movedBytes)} sent in ${formatDuration(durationMs)} (${rate}/s)`,
  ].join(', ');
  const common = { ...ends, size: outcome.bytes, moved: movedBytes, duration_ms: Math.round(durationMs) };
  const entry: Entry =
    outcome.kind === 'file'
      ? {
          hosts: data.hosts,
          heading,
          facts: {
            ...common,
            sha256: outcome.sha256,
            verified: true,
            ...(outcome.resumedAt > 0 && { resumed_at: outcome.resumedAt }),
            ...(outcome.grew && { grew: true }),
          },
          texts: {},
          tables: {},
        }
      : {
          hosts: data.hosts,
          heading,
          facts: {
            ...common,
            verified: true,
            files: outcome.files,
            directories: outcome.directories,
            links: outcome.links,
            unchanged: outcome.unchanged,
            skipped_count: outcome.skipped.length,
            failed_count: outcome.failed.length,
          },
          texts: {},
          tables: {
            ...(outcome.skipped.length > 0 && { skipped: rows(outcome.skipped) }),
            ...(outcome.failed.length > 0 && { failed: rows(outcome.failed) }),
          },
        };
  return { list: 'results', entries: [entry] };
}

function fileWords(file: BeamData['outcome'] & { readonly kind: 'file' }): readonly string[] {
  return [
    formatBytes(file.bytes),
    ...(file.resumedAt > 0 ? [`gone on at ${formatBytes(file.resumedAt)}`] : []),
    ...(file.grew ? ['the source has grown since: only what it was at the start is there'] : []),
    `verified: sha256 ${file.sha256} on both ends`,
  ];
}

function treeWords(tree: BeamData['outcome'] & { readonly kind: 'directory' }): readonly string[] {
  const { files, bytes, directories, links, unchanged, skipped, failed, grew } = tree;
  return [
    `${files} files with ${formatBytes(bytes)} verified by sha256 on both ends`,
    `${directories} directories`,
    ...(links > 0 ? [`${links} links`] : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(grew.length > 0 ? [`${grew.length} grew meanwhile`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...(failed.length > 0 ? [`${failed.length} FAILED`] : []),
  ];
}

function rows(left: readonly Left[]): RowsBody {
  return {
    rows: left.slice(0, mostRows).map(({ path, why }) => {
      const shown = { path: toRemoteLine(path, 1_000), why: toRemoteLine(why, 300) };
      return { line: compose`${shown.path}: ${shown.why}`, facts: shown };
    }),
  };
}
