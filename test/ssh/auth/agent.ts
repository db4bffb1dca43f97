import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../../fixtures/janitor.ts';
import { until } from '../../fixtures/until.ts';

/** A real ssh-agent of its own. */
export interface Agent {
  readonly socket: string;
  add(...keys: string[]): void;
  /** Any ssh-add(1) call; an object adds to its environment. */
  sshAdd(...words: (string | Record<string, string>)[]): string;
  stop(): Promise<void>;
}

export async function startAgent(): Promise<Agent> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-agent-'));
  const socket = join(directory, 'socket');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const stop = afterwards(`kill -KILL ${child.pid}; rm -rf '${directory}'`);
  await until(() => listens(socket)); // the socket is there a moment before it does
  const sshAdd: Agent['sshAdd'] = (...given) => {
    const words = given.filter((word) => typeof word === 'string');
    const env = Object.assign({}, process.env, ...given.filter((word) => typeof word !== 'string'));
    return execFileSync('ssh-add', words, {
      env: { ...env, SSH_AUTH_SOCK: socket },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  return { socket, sshAdd, add: (...keys) => sshAdd('-q', ...keys), stop };
}

async function listens(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const client = connect(path);
    client.once('error', () => resolve(false));
    client.once('connect', () => {
      client.destroy();
      resolve(true);
    });
  });
}
