import { withTimeout } from '../../call.ts';
import type { Config } from '../../config.ts';
import { asScoutError, ScoutError } from '../../errors.ts';
import { toRemoteLine } from '../../remote-text.ts';
import { formatDuration } from '../../units.ts';
import type { Connection } from '../engine.ts';
import { HostSession } from '../pool/host-session.ts';
import { createSftpDoor } from '../sftp/door.ts';
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
    onWait: () => {},
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

  const shell = await within('shell', async (part) => {
    await output(session, ':', part);
    return 'commands run';
  });
  const sftp = await within('sftp', async (part) => await openSftp(connection, part));
  const wall = wallStep(host, config);
  if (shell.outcome === 'failed') {
    return { steps: [shell, sftp, wall, ...skipped(['tools'], host)], grade: undefined };
  }
  const tools = await within('tools', async (part) => {
    found = readSurroundings(await output(session, lookScript, part));
    return describeTools(host, found);
  });
  const uid = found?.uid;
  const grade = found && uid !== undefined ? gradeAccount({ uid, groups: found.groups }) : undefined;
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
async function openSftp(connection: Connection, signal: AbortSignal): Promise<string> {
  const door = createSftpDoor(() => connection.sftp());
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

function wallStep(host: string, { kernelWall }: Config): Step {
  if (kernelWall !== 'require') {
    const detail = toRemoteLine('this version builds none: what keeps a command harmless is the policy');
    return { name: 'wall', on: host, outcome: 'none', detail };
  }
  const error = new ScoutError(
    'wall_missing',
    `${host} has no kernel wall, and SCOUT_KERNEL_WALL=require asks for one`,
    'Set SCOUT_KERNEL_WALL=auto to rely on the command policy where there is no wall.',
  );
  return failed('wall', host, error);
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
