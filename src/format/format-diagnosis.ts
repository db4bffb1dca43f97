import type { Config } from '../config.ts';
import type { HealthStatus } from '../operations/read-health.ts';
import type { Diagnosis, Step, StepName } from '../ssh/diagnose/diagnosis.ts';
import type { Grade } from '../ssh/diagnose/grade.ts';
import type { ReadyCheck } from '../ssh/diagnose/readiness.ts';
import { formatDuration } from '../units.ts';
import { alignColumns, noHosts } from './names.ts';

const labels: Readonly<Record<StepName, string>> = {
  config: 'config',
  dns: 'DNS',
  tcp: 'TCP',
  host_key: 'host key',
  auth: 'auth',
  shell: 'shell',
  sftp: 'SFTP',
  wall: 'kernel wall',
  tools: 'remote tools',
};
const marks: Readonly<Record<Step['outcome'], string>> = {
  ok: 'ok',
  failed: 'FAILED',
  skipped: 'skipped',
  none: 'none',
};
/** Green, red, dim (ECMA-48, SGR). */
const colours: Readonly<Record<string, string>> = { ok: '32', FAILED: '31', skipped: '2', none: '2' };

/** Hosts one after another for a person: a table of steps, the line that fixes what failed, the grade. */
export function formatDiagnoses(
  diagnoses: readonly Diagnosis[],
  config: Pick<Config, 'hosts'>,
  inColour: boolean,
): string {
  if (diagnoses.length === 0) return noHosts(config);
  const failures = diagnoses.filter(({ healthy }) => !healthy).length;
  const count = diagnoses.length === 1 ? '1 host' : `${diagnoses.length} hosts`;
  const summary = failures === 0 ? `${count}: all is well` : `${count}: ${failures} with a failure`;
  const blocks = diagnoses.map((diagnosis) => formatDiagnosis(diagnosis, inColour));
  return [...blocks, ...(diagnoses.length > 1 ? [summary] : [])].join('\n\n');
}

/** What the program itself needs, for a person. */
export function formatReadiness(checks: readonly ReadyCheck[], inColour: boolean): string {
  const rows = checks.map(({ name, ok, detail }) => [ok ? marks.ok : marks.failed, name, detail]);
  const lines = alignColumns(rows).map((line) => coloured(line, inColour));
  return checks.flatMap(({ fix }, at) => [lines[at] ?? '', ...(fix ? [fixLine(fix)] : [])]).join('\n');
}

/** The same facts for machines. */
export function structureDiagnoses(diagnoses: readonly Diagnosis[]): Record<string, unknown> {
  return {
    healthy: diagnoses.every(({ healthy }) => healthy),
    status: together(diagnoses.map(statusOf)),
    hosts: diagnoses.map(({ host, healthy, durationMs, steps, grade }) => ({
      host,
      healthy,
      status: statusOf({ healthy, steps }),
      duration_ms: Math.round(durationMs),
      steps: steps.map(structureStep),
      ...(grade && { grade: structureGrade(grade) }),
    })),
  };
}

export function structureReadiness(checks: readonly ReadyCheck[]): Record<string, unknown> {
  const ready = checks.every(({ ok }) => ok);
  return {
    ready,
    status: ready ? 'healthy' : 'unhealthy',
    checks: checks.map(({ durationMs, ...check }) => ({ ...check, duration_ms: tenths(durationMs) })),
  };
}

/** A host that fails at something, and can be looked at all the same, is degraded. */
function statusOf({ healthy, steps }: Pick<Diagnosis, 'healthy' | 'steps'>): HealthStatus {
  if (healthy) return 'healthy';
  const isUsable = steps.some(
    ({ name, outcome }) => (name === 'shell' || name === 'sftp') && outcome === 'ok',
  );
  return isUsable ? 'degraded' : 'unhealthy';
}

function together(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.every((status) => status === 'healthy')) return 'healthy';
  return statuses.every((status) => status === 'unhealthy') ? 'unhealthy' : 'degraded';
}

function tenths(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}

function formatDiagnosis({ host, healthy, durationMs, steps, grade }: Diagnosis, inColour: boolean): string {
  const rows = steps.map(({ name, on, outcome, durationMs: ms, detail }) => [
    marks[outcome],
    labels[name],
    on,
    ms === undefined ? '-' : formatDuration(ms),
    detail,
  ]);
  const lines = alignColumns(rows).map((line) => coloured(line, inColour));
  return [
    `${host}: ${healthy ? 'all is well' : 'something failed'}, ${formatDuration(durationMs)}`,
    ...steps.flatMap(({ error }, at) => [lines[at] ?? '', ...(error ? [fixLine(error.fix)] : [])]),
    ...(grade ? [`  grade ${grade.letter}: ${describeGrade(grade)}`] : []),
    ...(grade && grade.letter > 'B'
      ? [fixLine(`scout-mcp harden ${host} prints an account that may only look`)]
      : []),
  ].join('\n');
}

function describeGrade({ rootLogin, dockerGroup, sudoGroup, wall }: Grade): string {
  const sudo = sudoGroup === undefined ? '' : `member of ${sudoGroup}; `;
  return [
    rootLogin ? 'root login' : 'no root login',
    dockerGroup ? 'member of docker, which is as good as root' : 'not in the group docker',
    `${sudo}password-less sudo not looked at, for asking would write to its log`,
    { none: 'no kernel wall', files: 'a kernel wall for files', full: 'a full kernel wall' }[wall],
  ].join(', ');
}

function structureStep({ name, on, outcome, durationMs, detail, error }: Step): Record<string, unknown> {
  return {
    step: name,
    on,
    outcome,
    ...(durationMs !== undefined && { duration_ms: tenths(durationMs) }),
    ...(detail !== '' && { detail }),
    ...(error && { error: { code: error.code, message: error.message, fix: error.fix } }),
  };
}

function structureGrade({ letter, rootLogin, dockerGroup, sudoGroup, wall }: Grade): Record<string, unknown> {
  return {
    letter,
    root_login: rootLogin,
    docker_group: dockerGroup,
    ...(sudoGroup !== undefined && { sudo_group: sudoGroup }),
    passwordless_sudo: 'not looked at',
    wall,
  };
}

function fixLine(fix: string): string {
  return `    Fix: ${fix}`;
}

/** The mark at the beginning of an indented line. */
function coloured(line: string, inColour: boolean): string {
  if (!inColour) return `  ${line}`;
  return `  ${line.replace(/^\S+/, (mark) => `\x1b[${colours[mark] ?? '0'}m${mark}\x1b[0m`)}`;
}
