import { withTimeout } from '../../call.ts';
import type { Config } from '../../config.ts';
import { asScoutError, ScoutError } from '../../errors.ts';
import { toRemoteLine } from '../../remote-text.ts';
import { formatDuration } from '../../units.ts';
import type { Connection } from '../engine.ts';
import { HostSession } from '../pool/host-session.ts';
import { createSftpDoor } from '../sftp/door.ts';
import { wallPlan } from '../wall/plan.ts';
import type { WallState } from '../wall/report.ts';
import { type AfterLoginName, failed, passed, type Step, skipped } from './diagnosis.ts';
import { type Grade, gradeAccount } from './grade.ts';
import { lookScript, neededTools, readSurroundings, type Surroundings } from './look-script.ts';

const maxOutputBytes = 64 * 1024;

/**
 * What works behind the login: shell, SFTP, wall and tools, each within SCOUT_COMMAND_TIMEOUT. SFTP is looked at
 * where there is no shell, too. Rejects with the signal's reason only.
 */
export async function lookAround(
  host: string,
  connection: Connection,
  config: Config,
  signal: AbortSignal,
): Promise<{ readonly steps: readonly Step[]; readonly grade: Grade | undefined }> {
  const session = new HostSession(connection, host, {
    maxChannels: config.maxChannelsPerHost,
    nice: config.nice,
    denied: config.denyPaths,
    wall: wallPlan(config),
  });
  let found: Surroundings | undefined;
  const within = async (name: AfterLoginName, work: (part: AbortSignal) => Promise<string>) => {
    const limitMs = config.commandTimeoutMs;
    const startedMs = performance.now();
    try {
      const detail = await withTimeout(signal, limitMs, () => tooSlow(host, name, limitMs), work);
      return passed(name, host, detail, performance.now() - startedMs);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return failed(name, host, asScoutError(thrown), performance.now() - startedMs);
    }
  };

  let noWall: ScoutError | undefined;
  const shell = await within('shell', async (part) => {
    try {
      await output(session, ':', part);
    } catch (thrown) {
      if (!(thrown instanceof ScoutError && thrown.code === 'wall_missing')) throw thrown;
      noWall = thrown; // it is the next step's failure
    }
    return 'commands run';
  });
  const sftp = await within('sftp', async (part) => await openSftp(connection, config, part));
  const wall = wallStep(host, session.wall, noWall);
  if (shell.outcome === 'failed' || noWall) {
    return { steps: [shell, sftp, wall, ...skipped(['tools'], host)], grade: undefined };
  }
  const tools = await within('tools', async (part) => {
    found = readSurroundings(await output(session, lookScript, part));
    return describeTools(host, found);
  });
  const uid = found?.uid;
  const grade =
    found && uid !== undefined
      ? gradeAccount({ uid, groups: found.groups }, session.wall?.level ?? 'none')
      : undefined;
  return { steps: [shell, sftp, wall, tools], grade };
}

async function output(session: HostSession, command: string, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stdout = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    return bytes > maxOutputBytes ? 'stop' : 'more';
  };
  await session.run({ command, cwd: '', sink: { stdout, stderr: () => 'more' }, signal });
  return Buffer.concat(chunks).toString('latin1');
}

/** The door that the tools use, at the home directory. That one may not be listed is no failure of SFTP. */
async function openSftp(connection: Connection, config: Config, signal: AbortSignal): Promise<string> {
  const door = createSftpDoor(() => connection.sftp(), config.denyPaths);
  const home = { path: '', firstLine: 1, lines: undefined, maxBytes: 1, depth: 1 };
  try {
    await door.read(home, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof ScoutError) || isBroken(error)) throw error;
  } finally {
    door.end();
  }
  return 'files can be read';
}

function isBroken({ code }: ScoutError): boolean {
  return code === 'no_sftp' || code === 'busy' || code === 'connection_lost';
}

/** The wall that the shell has; a shell that is refused for having none fails here, not as a shell. */
function wallStep(host: string, wall: WallState | undefined, missing: ScoutError | undefined): Step {
  if (missing) return failed('wall', host, missing);
  if (!wall) return { name: 'wall', on: host, outcome: 'skipped', detail: toRemoteLine('') };
  const said = wall.raise === undefined ? wall.level : `${wall.level}: ${wall.why}. ${wall.raise}`;
  const detail = toRemoteLine(said);
  return { name: 'wall', on: host, outcome: wall.level === 'none' ? 'none' : 'ok', detail };
}

function describeTools(host: string, { system, has, lacks }: Surroundings): string {
  const missing = neededTools.filter((tool) => !has.includes(tool));
  if (missing.length > 0) {
    throw new ScoutError(
      'not_available',
      `${host} lacks ${missing.join(', ')}`,
      `Install ${missing.join(', ')} there: coreutils, findutils and grep, or BusyBox, have them.`,
    );
  }
  return `${system}; has ${has.join(' ')}${lacks.length > 0 ? `; lacks ${lacks.join(' ')}` : ''}`;
}

function tooSlow(host: string, name: AfterLoginName, limitMs: number): ScoutError {
  return new ScoutError(
    'command_timeout',
    `${host}: ${name} gave no answer within ${formatDuration(limitMs)}`,
    'Look at what its start-up files (.bashrc and their kind) wait for; SCOUT_COMMAND_TIMEOUT gives more time.',
  );
}
