import type { Duplex } from 'node:stream';
import type { HostSettings } from '../hosts/settings.ts';

export interface Keepalive {
  readonly intervalMs: number;
  /** So many intervals without a byte from the other side, and one more: the connection is dead. */
  readonly countMax: number;
}

const slowest: Keepalive = { intervalMs: 5_000, countMax: 3 };

/**
 * How a dead connection is found: as ServerAliveInterval and ServerAliveCountMax of ssh_config(5) say, but within
 * 20 s always. A person wants to keep a terminal through an outage; here a call waits, and the next connection
 * costs nobody anything.
 */
export function keepaliveOf({ serverAliveIntervalMs, serverAliveCountMax }: HostSettings): Keepalive {
  if (serverAliveIntervalMs === 0) return slowest;
  return {
    intervalMs: Math.min(serverAliveIntervalMs, slowest.intervalMs),
    countMax: Math.min(serverAliveCountMax || slowest.countMax, slowest.countMax),
  };
}

/**
 * Call `onDead` once nothing came through `stream` for longer than `keepalive` allows, while the other side is
 * asked for a sign of life every interval. Any byte counts, not only the answer, which may stand behind megabytes
 * of output. Counts its own ticks, so that a process that was stopped itself hears first what has arrived since.
 */
export function watchSilence(stream: Duplex, { intervalMs, countMax }: Keepalive, onDead: () => void): void {
  let silent = 0;
  const timer = setInterval(() => {
    if (silent > countMax) {
      clearInterval(timer);
      onDead();
    }
    silent += 1;
  }, intervalMs);
  timer.unref();
  stream.on('data', () => {
    silent = 0;
  });
  stream.once('close', () => clearInterval(timer));
}
