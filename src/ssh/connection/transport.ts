import { connect, isIP, type TcpSocketConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { abortReason, withTimeout } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { type SourcedTarget, sourcedTargets } from './source-address.ts';

/**
 * How long one of several addresses of a name may take before the next is tried; the last one has all the time
 * there is. Node's own quarter of a second is less than a round trip to the other side of the world takes.
 */
const nextAddressMs = 1_000;

/**
 * What every socket reads into, for a buffer a read is much garbage. Larger than Node's 64 KiB, so that fewer packets
 * come in two pieces.
 */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/** The byte stream that SSH runs over, and how long one round trip on it took (undefined: not measurable). */
export interface Transport {
  readonly stream: Duplex;
  readonly roundTripMs: number | undefined;
  /** Whether, from now on, whoever hears `data` is done with it when they return: the next may be in the same place. */
  lendChunks(mayLend: boolean): void;
  /** Close it for good, with whatever process carries it. */
  destroy(): void;
}

/**
 * TCP to HostName and Port as ssh_config(5) AddressFamily, BindAddress and BindInterface say. Rejects with
 * ScoutError `dns_failed`, `unreachable`, or the signal's reason.
 */
export async function connectTcp(settings: HostSettings, signal: AbortSignal): Promise<Transport> {
  try {
    const { hostName, addressFamily, bindAddress, bindInterface } = settings;
    const family = { any: 0, inet: 4, inet6: 6 }[addressFamily];
    const own = isIP(hostName);
    // Node takes no notice of the family where it is given an address
    if (family && own && family !== own) throw Object.assign(new Error(), { code: 'ENOTFOUND' });
    if (bindAddress === undefined && bindInterface === undefined) {
      return await connectTo(settings, { host: hostName, family }, signal);
    }
    return await connectFrom(settings, await sourcedTargets(settings, signal), signal);
  } catch (error) {
    if (error instanceof ScoutError || !(error instanceof Error)) throw error;
    throw tcpError(settings, error);
  }
}

/** Node tries the addresses of a name by itself, but only from one address, whatever its family. */
async function connectFrom(
  settings: HostSettings,
  targets: readonly SourcedTarget[],
  signal: AbortSignal,
): Promise<Transport> {
  const errors: unknown[] = [];
  for (const [index, target] of targets.entries()) {
    const isLast = index === targets.length - 1;
    const limitMs = isLast ? Number.POSITIVE_INFINITY : nextAddressMs;
    const tooLate = () => tcpError(settings, Object.assign(new Error(), { code: 'ETIMEDOUT' }));
    try {
      return await withTimeout(signal, limitMs, tooLate, (part) => connectTo(settings, target, part));
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      errors.push(error);
    }
  }
  throw errors[0]; // as Node's own
}

/** Rejects with what Node says, or the signal's reason. */
async function connectTo(
  settings: HostSettings,
  target: Pick<TcpSocketConnectOpts, 'host' | 'family' | 'localAddress'>,
  signal: AbortSignal,
): Promise<Transport> {
  const options: TcpSocketConnectOpts = {
    ...target,
    port: settings.port,
    noDelay: true,
    keepAlive: settings.tcpKeepAlive,
    autoSelectFamilyAttemptTimeout: nextAddressMs,
  };
  return await new Promise((resolve, reject) => {
    let isLending = false;
    const take = (bytes: number) => {
      const chunk = readBuffer.subarray(0, bytes);
      const isHeardNow = socket.readableFlowing && socket.readableLength === 0;
      return isLending && isHeardNow ? socket.emit('data', chunk) : socket.push(Buffer.from(chunk));
    };
    const socket = connect({ ...options, onread: { buffer: readBuffer, callback: take } });
    let askedMs = performance.now();
    const stop = () => fail(abortReason(signal));
    const fail = (error: Error) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      reject(error);
    };
    socket.once('lookup', () => {
      askedMs = performance.now();
    });
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      socket.off('error', fail);
      resolve({
        stream: socket,
        roundTripMs: performance.now() - askedMs,
        lendChunks: (mayLend) => {
          isLending = mayLend;
        },
        destroy: () => socket.destroy(),
      });
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function tcpError(settings: HostSettings, error: Error): ScoutError {
  const code = firstCode(error);
  const where = `${settings.hostName} port ${settings.port}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') {
    return new ScoutError(
      'dns_failed',
      `${settings.alias}: the name ${settings.hostName} has no address`,
      `Correct HostName of ${settings.alias} in the ssh configuration, or the resolver of this machine.`,
      error,
    );
  }
  const reasons: Record<string, [what: string, fix: string]> = {
    ECONNREFUSED: ['refused the connection', 'Check that sshd runs there and that Port is right.'],
    EHOSTUNREACH: ['has no route to it', 'Check the network or VPN, and that the machine is up.'],
    ENETUNREACH: ['is on a network that cannot be reached', 'Check the network or VPN of this machine.'],
    ETIMEDOUT: ['did not answer', 'Check that the machine is up and that no firewall drops the port.'],
    ECONNRESET: ['reset the connection', 'Check that sshd listens on that port and lets this address in.'],
    EADDRNOTAVAIL: ['cannot be reached from BindAddress', 'Correct BindAddress or BindInterface.'],
  };
  const [what, fix] = reasons[code ?? ''] ?? ['cannot be reached', 'Try `ssh -v` to the same host.'];
  return new ScoutError('unreachable', `${settings.alias}: ${where} ${what}`, fix, error);
}

/** Node tries every address of a name and then throws the failures together. */
function firstCode(error: Error): string | undefined {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined;
}
