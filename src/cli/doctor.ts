import { asScoutError, formatError } from '../errors.ts';
import {
  formatDiagnoses,
  formatReadiness,
  structureDiagnoses,
  structureReadiness,
} from '../format/format-diagnosis.ts';
import { isAuditFile } from '../observe/audit-file.ts';
import { logEvents } from '../observe/log-events.ts';
import { exitCodes } from './exit-codes.ts';
import { stderrLog } from './stderr-log.ts';
import { withScout } from './with-scout.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly ready?: boolean;
}

/** What is to be printed, and whether all is well. */
interface Findings {
  readonly ok: boolean;
  /** Nothing was looked at: the text belongs to stderr. */
  readonly isError?: true;
  readonly text: (inColour: boolean) => string;
  readonly structured: Record<string, unknown>;
}

/** `scout-mcp doctor [HOST…] [--json] [--ready]` */
export async function runDoctor(names: readonly string[], options: DoctorOptions): Promise<void> {
  if (options.ready && names.length > 0) {
    process.stderr.write('scout-mcp doctor: --ready asks no host; leave the host out, or --ready\n');
    process.exitCode = exitCodes.wrongUsage;
    return;
  }
  let findings: Findings | undefined;
  await withScout({ reader: 'for a person', json: options.json }, async ({ hosts, config }, caller) => {
    try {
      const observe = logEvents(stderrLog(config), config);
      const surroundings = { config, hosts, env: process.env, observe };
      const progress = caller.progress ?? (() => {});
      findings = options.ready
        ? await readiness(surroundings)
        : await diagnosis(surroundings, names, { signal: caller.signal, progress });
    } catch (thrown) {
      findings = failure(thrown);
    }
    return undefined;
  });
  if (findings) print(findings, options);
}

type Surroundings = Parameters<typeof import('../operations/diagnose-host.ts').diagnoseHosts>[0];
type DiagnoseCall = Parameters<typeof import('../operations/diagnose-host.ts').diagnoseHosts>[2];

async function diagnosis(
  surroundings: Surroundings,
  names: readonly string[],
  call: DiagnoseCall,
): Promise<Findings> {
  const { diagnoseHosts } = await import('../operations/diagnose-host.ts');
  const diagnoses = await diagnoseHosts(surroundings, names, call);
  return {
    ok: diagnoses.every(({ healthy }) => healthy),
    text: (inColour) => formatDiagnoses(diagnoses, surroundings.config, inColour),
    structured: structureDiagnoses(diagnoses),
  };
}

async function readiness({ hosts, config, env }: Surroundings): Promise<Findings> {
  const { checkReadiness } = await import('../ssh/diagnose/readiness.ts');
  const checks = await checkReadiness(hosts, process.versions.node, { ...config, env, isAuditFile });
  return {
    ok: checks.every(({ ok }) => ok),
    text: (inColour) => formatReadiness(checks, inColour),
    structured: structureReadiness(checks),
  };
}

/** Nothing could be diagnosed at all: an unknown host, a configuration that cannot be read, an interruption. */
function failure(thrown: unknown): Findings {
  const error = asScoutError(thrown);
  const { code, message, fix } = error;
  return {
    ok: false,
    isError: true,
    text: () => formatError(error),
    structured: { error: { code, message, fix } },
  };
}

function print({ ok, isError, text, structured }: Findings, { json }: DoctorOptions): void {
  const inColour = process.stdout.isTTY && !process.env.NO_COLOR;
  if (json) process.stdout.write(`${JSON.stringify(structured, undefined, 2)}\n`);
  else (isError ? process.stderr : process.stdout).write(`${text(inColour)}\n`);
  if (!ok) process.exitCode = exitCodes.failed;
}
