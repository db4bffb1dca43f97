import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { ScoutError } from '../../errors.ts';
import type { Transport } from './transport.ts';

/** A process that has closed its output may take this long to end before its end no longer matters. */
const lastWordsMs = 200;
/** From SIGTERM to SIGKILL. */
const killAfterMs = 500;

/**
 * The stdin and stdout of ProxyCommand, run by the user's shell with `exec` as OpenSSH does (ssh_config(5)). It
 * leads its own process group, so that `destroy` reaches its children too. The stream fails with ScoutError
 * `proxy_failed` where the command cannot be run or ends with another status than 0.
 */
export function spawnProxy(command: string, alias: string, env: NodeJS.ProcessEnv): Transport {
  const child = spawn(env.SHELL || '/bin/sh', ['-c', `exec ${command}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env,
  });
  const stream = streamOf(child, alias);
  let hasClosed = false;
  child.once('close', () => {
    hasClosed = true;
  });
  stream.once('close', () => {
    killGroup(child, 'SIGTERM');
    setTimeout(() => hasClosed || killGroup(child, 'SIGKILL'), killAfterMs).unref();
  });
  return { stream, roundTripMs: undefined, lendChunks: () => {}, destroy: () => stream.destroy() };
}

function streamOf(
  child: ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream },
  alias: string,
): Duplex {
  const { stdin, stdout } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(() => done()),
  });
  const fail = (how: string) => stream.destroy(proxyFailed(alias, how));
  const ended = (code: number | null, signal: string | null) => {
    if (code === 0) stream.push(null);
    else fail(code === null ? `was ended by ${signal}` : `ended with status ${code}`);
  };
  stdin.on('error', () => {}); // the command's end, which follows, says why
  stdout.on('data', (chunk: Buffer) => stream.push(chunk) || stdout.pause());
  stdout.on('end', () => {
    if (child.exitCode !== null || child.signalCode !== null) return ended(child.exitCode, child.signalCode);
    const timer = setTimeout(() => stream.push(null), lastWordsMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      ended(code, signal);
    });
  });
  child.once('error', () => fail('could not be started'));
  stream.on('error', () => {}); // for the time before the engine listens
  return stream;
}

function killGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // everything in it has ended
  }
}

function proxyFailed(alias: string, how: string): ScoutError {
  return new ScoutError(
    'proxy_failed',
    `${alias}: its ProxyCommand ${how}`,
    'Run the ProxyCommand of this host by hand and look at what it prints.',
  );
}
