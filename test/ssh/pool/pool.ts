import { homedir } from 'node:os';
import type { Call, Span } from '../../../src/call.ts';
import { loadConfig } from '../../../src/config.ts';
import type { Observed } from '../../../src/observer.ts';
import { HostBook } from '../../../src/ssh/hosts/host-book.ts';
import { HostKeyGate } from '../../../src/ssh/known-hosts/host-key-gate.ts';
import { SessionPool } from '../../../src/ssh/pool/session-pool.ts';

const span: Span = { child: () => span, end: () => {} };

/** A pool of its own, what it reports, and a call without an end. */
export function poolOf(
  sshConfig: string,
  settings: Readonly<Record<string, string>> = {},
): { pool: SessionPool; events: Observed[]; call: Call } {
  const config = loadConfig(settings);
  const env = { HOME: homedir(), PATH: process.env.PATH };
  const events: Observed[] = [];
  const observe = (event: Observed) => {
    events.push(event);
  };
  const hosts = new HostBook({
    configFile: sshConfig,
    patterns: [],
    matchExec: true,
    env,
    homeDir: homedir(),
  });
  const hostKeys = new HostKeyGate({ override: undefined, checking: undefined, env, observe });
  return {
    pool: new SessionPool({ config, hosts, hostKeys, env, observe }),
    events,
    call: {
      id: 'test',
      signal: new AbortController().signal,
      deadlineMs: Number.POSITIVE_INFINITY,
      progress: () => {},
      span,
    },
  };
}
