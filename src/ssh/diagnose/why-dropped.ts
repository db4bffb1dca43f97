import type { Duplex } from 'node:stream';
import { raceAbort, withTimeout } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import { connectTcp } from '../connection/transport.ts';
import type { Connection } from '../engine.ts';
import type { HostSettings } from '../hosts/settings.ts';

const listenMs = 1_000;
const maxBytes = 1_024;

/**
 * Why a server drops connections before its identification: connect once more and hear what it says instead.
 * Undefined where it says nothing that is known, is reached by other ways, or lets this one in. Rejects with
 * the signal's reason only.
 */
export async function whyDropped(
  settings: HostSettings,
  via: Connection | undefined,
  signal: AbortSignal,
): Promise<ScoutError | undefined> {
  const isDirect = settings.proxyCommand === undefined && settings.proxyJump.length === 0;
  if (!via && !isDirect) return undefined;
  try {
    const said = await withTimeout(signal, listenMs, tooLong, (part) => firstWords(settings, via, part));
    return droppedError(settings, said);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/**
 * What sshd says as it drops a connection: `Exceeded MaxStartups`, and from version 9.8 on `Not allowed at this
 * time`, for PerSourcePenalties and PerSourceMaxStartups of sshd_config(5) as well.
 */
export function droppedError({ alias, hostName, port }: HostSettings, said: string): ScoutError | undefined {
  const where = `${alias}: ${hostName} port ${port}`;
  if (/^Exceeded MaxStartups/m.test(said)) {
    return new ScoutError(
      'unreachable',
      `${where} drops connections: more logins are under way there than its MaxStartups allows`,
      'Call again when fewer logins are under way; if it stays so, raise MaxStartups in its sshd_config.',
    );
  }
  if (/^Not allowed at this time/m.test(said)) {
    return new ScoutError(
      'unreachable',
      `${where} takes no connection from this address for now: failed logins are penalised (PerSourcePenalties), or more logins are under way than MaxStartups allows`,
      'Wait without trying again (a penalty lasts 10 min at most unless configured otherwise) and correct the login that failed; or add this address to PerSourcePenaltyExemptList, or raise MaxStartups, in its sshd_config.',
    );
  }
  return undefined;
}

async function firstWords(
  settings: HostSettings,
  via: Connection | undefined,
  signal: AbortSignal,
): Promise<string> {
  const stream: Duplex = via
    ? await raceAbort(via.forward(settings.hostName, settings.port), signal, (late) => late.destroy())
    : (await connectTcp(settings, signal)).stream;
  let said = '';
  const heard = new Promise<string>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (said.length > maxBytes || /^SSH-/m.test(said)) resolve(said);
    });
    stream.on('error', () => {}); // 'close' follows
    stream.once('end', () => resolve(said));
    stream.once('close', () => resolve(said));
  });
  try {
    return await raceAbort(heard, signal);
  } finally {
    stream.destroy();
  }
}

function tooLong(): ScoutError {
  return new ScoutError('connect_timeout', 'the server says nothing', 'Wait longer.');
}
