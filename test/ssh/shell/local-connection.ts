import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Connection, ExecChannel, Exit } from '../../../src/ssh/engine.ts';

export interface LocalOptions {
  /** The program that gets `-c COMMAND`, as sshd starts a login shell. */
  readonly loginShell: string;
  /** What stands for /bin/sh. */
  readonly sh?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Numeric user and group of the session; the test's own unless said. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** True: the server does nothing when a channel is closed. */
  readonly deaf?: boolean;
  /** Words before the login shell; with them it is not the leader of its process group. */
  readonly wrapper?: readonly string[];
}

/** A connection whose session channels are processes of this machine, started as sshd starts them. */
export interface LocalConnection extends Connection {
  /** The commands that were asked for, in order. */
  readonly commands: readonly string[];
  /** Process ids of what was started, in order. */
  readonly pids: readonly number[];
  /** Let go of every channel without a word, as the kernel does for a process that is killed. */
  vanish(): void;
}

export function localConnection({
  loginShell,
  sh,
  env,
  user,
  deaf = false,
  wrapper = [],
}: LocalOptions): LocalConnection {
  const commands: string[] = [];
  const pids: number[] = [];
  const holds: (() => void)[] = [];
  const place = (text: string) => (sh ? text.replaceAll('/bin/sh', sh) : text);
  return {
    engine: 'ssh2',
    roundTripMs: 0,
    isOpen: true,
    gone: new Promise(() => {}),
    commands,
    pids,
    exec(command) {
      commands.push(command);
      const [program = '', ...words] = [...wrapper, loginShell, '-c', place(command)];
      const child = spawn(program, words, {
        detached: true,
        cwd: '/',
        env: { PATH: process.env.PATH, HOME: '/tmp', USER: 'tester', LOGNAME: 'tester', ...env },
        ...user,
      });
      if (child.pid !== undefined) pids.push(child.pid);
      const stdin = new Transform({
        transform: (chunk, _, done) => done(null, place(String(chunk))),
      });
      stdin.pipe(child.stdin);
      child.stdin.on('error', () => {});
      const closed = new Promise<Exit>((resolve) => {
        child.on('error', () => resolve({}));
        child.on('close', (code, signal) =>
          resolve({ ...(code !== null && { code }), ...(signal && { signal: signal.slice(3) }) }),
        );
      });
      const letGo = () => {
        stdin.end();
        child.stdout.destroy();
        child.stderr.destroy();
      };
      const channel: ExecChannel = {
        stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        closed,
        signal: () => {}, // as sshd does for a root login: nothing
        close() {
          if (!deaf) letGo();
        },
      };
      holds.push(letGo);
      return Promise.resolve(channel);
    },
    sftp: () => Promise.reject(new Error('no SFTP here')),
    forward: () => Promise.reject(new Error('no forwarding here')),
    end() {},
    vanish() {
      for (const letGo of holds) letGo();
    },
  };
}

/** The shells that are found as /bin/sh, each under the name `sh`: it tells them to behave. */
export function shellsNamedSh(directory: string): Record<'dash' | 'bash' | 'BusyBox' | 'mksh', string> {
  const named = (shell: string) => {
    mkdirSync(join(directory, shell));
    symlinkSync(`/bin/${shell}`, join(directory, shell, 'sh'));
    return join(directory, shell, 'sh');
  };
  return { dash: named('dash'), bash: named('bash'), BusyBox: named('busybox'), mksh: named('mksh') };
}
