import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { walk } from '../../src/demo/walk.ts';
import { bin } from '../fixtures/built-program.ts';
import { allProcesses, commandLine } from '../fixtures/processes.ts';
import { until } from '../fixtures/until.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-demo-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** A machine with neither sshd nor ssh nor a home directory: all there is are the commands of a shell. */
const bareMachine = () => ({ PATH: '/bin:/usr/bin', HOME: '/nonexistent', TMPDIR: directory });

/** The program, the server it starts and the shells on its hosts: each has a path of ours in its environment. */
function processes(): string[] {
  return allProcesses()
    .filter(({ pid }) => environmentOf(pid).includes(directory))
    .map(({ pid }) => commandLine(pid));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
}

describe('scout-mcp demo', () => {
  it('asks about everything, gets the right answers, and leaves nothing behind', () => {
    const startedMs = performance.now();
    const run = spawnSync(process.execPath, [bin, 'demo'], { env: bareMachine(), encoding: 'utf8' });
    const wrong = run.stdout.split('\n\n').filter((step) => step.includes('✗'));
    expect({ wrong, stderr: run.stderr, status: run.status }).toEqual({ wrong: [], stderr: '', status: 0 });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    const [, good, all] = /\n(\d+) of (\d+) questions were answered as they should be/.exec(run.stdout) ?? [];
    expect(good).toBe(all);
    for (const shown of [
      ...['scout_hosts {}', 'scout_read {', 'scout_find {', 'scout_query {', 'scout_diff {', 'scout_logs {'],
      ...['scout_inspect {', 'read hosts://list', 'prompt find_error', 'command_refused'],
    ]) {
      expect(run.stdout).toContain(shown);
    }
    expect(Math.max(...run.stdout.split('\n').map((line) => line.length))).toBeLessThan(140);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([['SIGINT'], ['SIGTERM'], ['SIGHUP']] as const)('cleans up after %s', async (signal) => {
    const child = spawn(process.execPath, [bin, 'demo'], { env: bareMachine() });
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    await until(() => stdout.includes('What is on web1?')); // shells run on the hosts
    expect(processes().length).toBeGreaterThan(2);
    child.kill(signal);
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stdout).toContain('The demo stopped: it was interrupted');
    expect(readdirSync(directory)).toEqual([]);
    expect(processes()).toEqual([]);
  });

  // ssh2's server asks a channel for the name of its class, which the bundle had taken away
  it('goes on where a connection ends with a session in which nothing was asked for', async () => {
    const child = spawn(process.execPath, [bin, 'demo'], { env: bareMachine() });
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    const ended = once(child, 'close');
    await until(() => /^ +│ web1 +127/m.test(stdout));
    const port = Number(/web1 +127\.0\.0\.1:(\d+)/.exec(stdout)?.[1]);
    const [place = ''] = readdirSync(directory);
    const client = new ssh2.Client();
    client.connect({
      host: '127.0.0.1',
      port,
      username: 'demo',
      privateKey: readFileSync(join(directory, place, 'id_ed25519')),
    });
    await once(client, 'ready');
    await openSession(client);
    client.destroy();
    expect(await ended).toEqual([0, null]);
  });

  it('cleans up when nobody reads its output any more', () => {
    const run = spawnSync(
      '/bin/sh',
      ['-c', `{ ${process.execPath} ${bin} demo; echo "exit $?" >&2; } | head -4`],
      {
        env: bareMachine(),
        encoding: 'utf8',
      },
    );
    expect(run.stderr).toBe('exit 0\n'); // it stopped early, which is no failure
    expect(run.stdout.split('\n')).toHaveLength(5);
    expect(readdirSync(directory)).toEqual([]);
    expect(processes()).toEqual([]);
  });
});

/** Resolves when the session is open. What ssh2 offers asks for something in it at once. */
function openSession(client: ssh2.Client): Promise<void> {
  const { _chanMgr: channels, _protocol: protocol } = client as unknown as Insides;
  return new Promise((resolve, reject) => {
    const opened = (error?: Error) => (error ? reject(error) : resolve());
    protocol.session(channels.add(Object.assign(opened, { type: 'session' })), 2 ** 21, 2 ** 15);
  });
}

/** What a client of ssh2 opens a channel with (lib/client.js). */
interface Insides {
  readonly _chanMgr: { add(opened: (error?: Error) => void): number };
  readonly _protocol: { session(channel: number, window: number, packetSize: number): void };
}

it('The walk tells its caller that all went well, and leaves no shell on its hosts', async () => {
  vi.stubEnv('TMPDIR', directory);
  const lines: string[] = [];
  expect(await walk((line) => lines.push(line))).toBe(true);
  expect(lines.filter((line) => /^ ?\d+\. /.test(line)).length).toBeGreaterThan(18);
  expect(readdirSync(directory)).toEqual([]);
  expect(processes()).toEqual([]);
});
