import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { asScoutError, ScoutError } from '../../errors.ts';
import { type RemoteText, toRemoteLine } from '../../remote-text.ts';
import type { HostBook } from '../hosts/host-book.ts';
import { findSsh } from '../openssh/ssh-program.ts';

const leastNodeVersion = 20;

/** One thing that the program needs for itself. */
export interface ReadyCheck {
  readonly name: 'node' | 'engine' | 'config' | 'audit_log' | 'metrics_file';
  readonly ok: boolean;
  readonly detail: RemoteText;
  readonly fix?: string;
  readonly durationMs: number;
}

type Looked = Omit<ReadyCheck, 'durationMs'>;

/** How the program is set up; an environment without PATH has no programs. */
export interface SetUp extends Partial<Pick<Config, 'auditLog' | 'metricsFile' | 'sshEngine'>> {
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the audit log is there already; throws ScoutError where it is not fit. */
  readonly isAuditFile?: (path: string) => boolean;
}

/**
 * Could the program work: no host is asked, no packet is sent, no command of the configuration runs, nothing is
 * written.
 */
export async function checkReadiness(
  hosts: HostBook,
  nodeVersion: string,
  { sshEngine, env = {}, auditLog, isAuditFile, metricsFile }: SetUp = {},
): Promise<readonly ReadyCheck[]> {
  return [
    await timed(async () => checkNode(nodeVersion)),
    await timed(() => (sshEngine === 'openssh' ? checkSsh(env) : checkEngine())),
    await timed(() => checkConfiguration(hosts)),
    ...(auditLog === undefined ? [] : [await timed(() => checkWritable('audit_log', auditLog, isAuditFile))]),
    ...(metricsFile === undefined ? [] : [await timed(() => checkWritable('metrics_file', metricsFile))]),
  ];
}

async function timed(look: () => Promise<Looked>): Promise<ReadyCheck> {
  const startedMs = performance.now();
  const looked = await look();
  return { ...looked, durationMs: performance.now() - startedMs };
}

/** Whether the file is there, or it or the one that replaces it can be made where it belongs. */
async function checkWritable(
  name: 'audit_log' | 'metrics_file',
  path: string,
  isThere?: (path: string) => boolean,
): Promise<Looked> {
  const directory = dirname(resolve(path));
  try {
    if (isThere?.(path)) return { name, ok: true, detail: toRemoteLine(`${resolve(path)} can be written`) };
    await access(directory, constants.W_OK | constants.X_OK);
    return { name, ok: true, detail: toRemoteLine(`${directory} can be written`) };
  } catch (thrown) {
    if (thrown instanceof ScoutError)
      return { name, ok: false, detail: toRemoteLine(thrown.message), fix: thrown.fix };
    const variable = name === 'audit_log' ? 'SCOUT_AUDIT_LOG' : 'SCOUT_METRICS_FILE';
    const fix = `Make it, or let this user write there, or correct ${variable}.`;
    return { name, ok: false, detail: toRemoteLine(`${directory} cannot be written`), fix };
  }
}

function checkNode(version: string): Looked {
  const ok = Number(version.split('.')[0]) >= leastNodeVersion;
  const detail = toRemoteLine(`Node.js ${version}`);
  return { name: 'node', ok, detail, ...(!ok && { fix: `Install Node.js ${leastNodeVersion} or newer.` }) };
}

async function checkEngine(): Promise<Looked> {
  try {
    await import('../connection/dial.ts');
    return { name: 'engine', ok: true, detail: toRemoteLine('the built-in SSH engine loads') };
  } catch (error) {
    const detail = toRemoteLine(`the built-in SSH engine does not load: ${String(error)}`);
    return { name: 'engine', ok: false, detail, fix: 'Install scout-mcp again: its files are not complete.' };
  }
}

async function checkSsh(env: NodeJS.ProcessEnv): Promise<Looked> {
  try {
    return { name: 'engine', ok: true, detail: toRemoteLine(`the installed ssh, ${await findSsh(env)}`) };
  } catch (thrown) {
    const { message, fix } = asScoutError(thrown);
    return { name: 'engine', ok: false, detail: toRemoteLine(message), fix };
  }
}

async function checkConfiguration(hosts: HostBook): Promise<Looked> {
  try {
    const listed = await hosts.list();
    const refused = listed.filter(({ problem }) => problem !== undefined);
    const detail = toRemoteLine(
      `${listed.length} ${listed.length === 1 ? 'host' : 'hosts'} in the ssh configuration`,
    );
    if (refused.length === 0) return { name: 'config', ok: true, detail };
    const first = refused[0];
    return {
      name: 'config',
      ok: false,
      detail: toRemoteLine(
        `ssh would refuse ${refused.length} of them, such as ${first?.alias}: ${first?.problem}`,
        500,
      ),
      fix: 'Correct it there. `ssh -G NAME` shows whether ssh accepts the configuration.',
    };
  } catch (thrown) {
    const { message, fix } = asScoutError(thrown);
    return { name: 'config', ok: false, detail: toRemoteLine(message, 500), fix };
  }
}
