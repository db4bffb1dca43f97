import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { type Door, startDoor } from '../ssh/diagnose/door.ts';

let sshd: Sshd;
let door: Door;
let config: string;

beforeAll(async () => {
  sshd = await startSshd();
  door = await startDoor(sshd.port, 'silent');
  config = sshd.writeConfig('web1', 'web2', sshd.configFor('off1', { Port: '1' }));
});
afterAll(async () => {
  await door.stop();
  await sshd.stop();
});

type Variables = Readonly<Record<string, string>>;

function environment(variables: Variables): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, SCOUT_SSH_CONFIG: config, ...variables };
}

/** The built program as a person starts it. */
function scout(args: readonly string[], variables: Variables = {}) {
  return spawnSync(process.execPath, [bin, ...args], {
    env: environment(variables),
    input: '',
    encoding: 'utf8',
    timeout: 15_000,
  });
}

/** The same on a terminal; stdout and stderr together. */
function onTerminal(args: readonly string[], variables: Variables = {}): string {
  const line = [process.execPath, bin, ...args].join(' ');
  const env = environment({ SHELL: '/bin/sh', ...variables });
  return spawnSync('script', ['-qec', line, '/dev/null'], {
    env,
    input: '',
    encoding: 'utf8',
    timeout: 15_000,
  }).stdout;
}

describe('scout-mcp doctor', () => {
  it('prints an aligned table for a host where all is well, and nothing on stderr', () => {
    const { status, stdout, stderr } = scout(['doctor', 'web1']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [title, ...rows] = stdout.trimEnd().split('\n');
    expect(title).toMatch(/^web1: all is well, [\d.]+ m?s$/);
    expect(rows.pop()).toMatch(/^ {2}grade B: root login, /);
    const names = [
      'config',
      'DNS',
      'TCP',
      'host key',
      'auth',
      'shell',
      'SFTP',
      'kernel wall',
      'remote tools',
    ];
    expect(rows.map((row) => row.split(/ {2,}/)[2])).toEqual(names);
    expect(new Set(rows.map((row) => row.indexOf('web1 '))).size).toBe(1);
    expect(stdout).not.toContain('\x1b');
  });

  it('uses colour and shows progress on a terminal only, and heeds NO_COLOR', () => {
    expect(onTerminal(['doctor', 'web1'])).toMatch(/1 of 1 hosts[\s\S]*\x1b\[32mok\x1b\[0m/);
    expect(onTerminal(['doctor', 'web1'], { NO_COLOR: '1' })).not.toContain('\x1b[32m');
  });

  it('ends at once on Ctrl-C', async () => {
    const stuck = join(sshd.directory, 'stuck');
    writeFileSync(stuck, sshd.configFor('stuck', { Port: String(door.port) }));
    const env = environment({ SCOUT_SSH_CONFIG: stuck });
    const before = door.accepted();
    const child = spawn(process.execPath, [bin, 'doctor'], { env });
    const stderr = text(child.stderr);
    await until(() => door.accepted() > before);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(await stderr).toMatch(/^cancelled: /);
  });
});

describe('scout-mcp doctor --ready', () => {
  it('asks no host', () => {
    const before = sshd.connectionCount();
    const { status, stdout, stderr } = scout(['doctor', '--ready']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}ok {2}node {4}Node\.js \d+.*\n.*engine.*\n {2}ok {2}config {2}3 hosts/);
    expect(sshd.connectionCount()).toBe(before);
    expect(scout(['doctor', '--ready', 'web1']).status).toBe(2);
  });
});
