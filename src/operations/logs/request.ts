import type { Config } from '../../config.ts';
import { ScoutError } from '../../errors.ts';
import { type ExtendedRegex, parseExtendedRegex } from '../../extended-regex.ts';
import { pathDenied } from '../../path-denied.ts';
import { commandText } from '../../policy/command-text.ts';
import { judge } from '../../policy/index.ts';
import { toRemoteLine } from '../../remote-text.ts';
import { parseSince } from '../../since.ts';
import { pathProblem } from '../target.ts';
import { packingOf } from './rotated.ts';

export interface LogsInput {
  readonly hosts: string;
  readonly source: string;
  readonly limit?: number | undefined;
  readonly since?: string | undefined;
  readonly pattern?: string | undefined;
  readonly priority?: string | undefined;
  readonly merge?: boolean | undefined;
}

export type LogSource =
  | { readonly kind: 'system' }
  | { readonly kind: 'journal'; readonly unit: string }
  | { readonly kind: 'docker'; readonly container: string }
  | { readonly kind: 'compose'; readonly project: string; readonly service?: string | undefined }
  | { readonly kind: 'file'; readonly path: string };

/** What is wanted of a log, on every host the same. */
export interface LogRequest {
  readonly source: LogSource;
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  readonly pattern?: ExtendedRegex | undefined;
  /** 0 (emerg) to 7 (debug): entries as urgent as this, or more. */
  readonly priority?: number | undefined;
}

/** The same for one host: what is said where older lines did not fit. */
export interface HostLogRequest extends LogRequest {
  readonly cutNote: string;
}

/** The names of syslog(3), by their numbers. */
export const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

const otherNames: Readonly<Record<string, number>> = { panic: 0, error: 3, warn: 4 };
const defaultLimit = 100;
const sourceFix =
  'Write system, journal:UNIT, docker:NAME, compose:PROJECT, compose:PROJECT/SERVICE or file:PATH.';

/** Throws ScoutError `invalid_argument` and `path_denied`, before any machine is asked. */
export function readRequest(
  { denyPaths }: Pick<Config, 'denyPaths'>,
  input: LogsInput,
  nowMs: number,
): LogRequest {
  const source = parseSource(input.source);
  if (source.kind === 'file') checkFile(source.path, denyPaths);
  const priority = input.priority === undefined ? undefined : parsePriority(input.priority, source);
  return {
    source,
    limit: input.limit ?? defaultLimit,
    priority,
    sinceMs: input.since === undefined ? undefined : parseSince(input.since, nowMs),
    pattern: input.pattern === undefined ? undefined : parseExtendedRegex(input.pattern),
  };
}

function parseSource(text: string): LogSource {
  if (text === 'system') return { kind: 'system' };
  const [, kind, name = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  if (kind === 'file') return { kind, path: name };
  if (kind === 'journal') {
    if (!/^[A-Za-z0-9_.@][\w.@:\\-]{0,255}$/.test(name)) throw invalid(text, 'no unit is called so');
    return { kind, unit: name };
  }
  if (kind === 'docker') {
    if (!/^[A-Za-z0-9][\w.-]{0,254}$/.test(name)) throw invalid(text, 'no container is called so');
    return { kind, container: name };
  }
  if (kind === 'compose') {
    const [, project, service] =
      /^([a-z0-9][a-z0-9_-]{0,254})(?:\/([A-Za-z0-9][\w.-]{0,254}))?$/.exec(name) ?? [];
    if (project === undefined) throw invalid(text, 'no compose project or service is called so');
    return { kind, project, service };
  }
  throw invalid(text, 'there is no such source');
}

/** The path as the shell and the policy have it: one below the home directory is relative. */
export function shellPath(path: string): string {
  const bare = path.replace(/^~\/+/, './');
  return bare.startsWith('/') || bare.startsWith('./') ? bare : `./${bare}`;
}

function checkFile(path: string, denied: Config['denyPaths']): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw invalid(`file:${path}`, problem);
  if (path === '~' || path.endsWith('/')) throw invalid(`file:${path}`, 'it names a directory');
  const packing = packingOf(path);
  if (packing !== undefined && packing !== 'gz')
    throw new ScoutError(
      'unsupported_file',
      `${toRemoteLine(path)} is compressed by name, and only .gz is unpacked`,
      'Name a log file that is plain or ends in .gz.',
    );
  const verdict = judge(commandText(['tail', '-n', '1', '--', shellPath(path)]), '', denied);
  if (verdict.allowed) return;
  if (verdict.refusal.code === 'path_denied') throw pathDenied(path);
  throw invalid(`file:${path}`, verdict.refusal.reason);
}

function parsePriority(text: string, source: LogSource): number {
  const name = text.trim().toLowerCase();
  const named = severities.map(String).indexOf(name);
  const priority = /^[0-7]$/.test(name) ? Number(name) : named >= 0 ? named : otherNames[name];
  if (priority === undefined)
    throw new ScoutError(
      'invalid_argument',
      `priority: ${JSON.stringify(text.slice(0, 40))} is none`,
      `Write ${severities.join(', ')}, or 0 to 7.`,
    );
  if (source.kind !== 'system' && source.kind !== 'journal')
    throw new ScoutError(
      'invalid_argument',
      `priority: lines of source ${source.kind} carry none; only system and journal do`,
      'Use pattern instead, such as (ERROR|WARN).',
    );
  return priority;
}

function invalid(text: string, why: string): ScoutError {
  return new ScoutError(
    'invalid_argument',
    `source ${JSON.stringify(text.slice(0, 120))}: ${why}`,
    sourceFix,
  );
}
