import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { run, runWith } from './run-main.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await startSshd();
  const config = sshd.writeConfig('web1', 'web2', sshd.configFor('off1', { Port: '1' }));
  vi.stubEnv('SCOUT_SSH_CONFIG', config);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sshd.stop();
});

describe('scout-mcp doctor', () => {
  it('looks at every listed host unless some are named, and has exit code 1 where one fails', async () => {
    const { code, stdout } = await run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^web1: all is well/);
    expect(stdout).toMatch(/\nweb2: all is well/);
    expect(stdout).toMatch(
      /\n {2}FAILED +TCP +off1 .*refused the connection\n {4}Fix: Check that sshd runs there/,
    );
    expect(stdout).toMatch(/\n3 hosts: 1 with a failure\n$/);
  });

  it('gives the same as JSON', async () => {
    const { code, stdout, stderr } = await run('doctor', 'web1', 'off1', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const { healthy, hosts } = JSON.parse(stdout);
    expect(healthy).toBe(false);
    expect(hosts).toMatchObject([
      { host: 'web1', healthy: true, grade: { letter: 'B', root_login: true, wall: 'full' } },
      { host: 'off1', healthy: false },
    ]);
    expect(hosts[1].steps[2]).toMatchObject({
      step: 'tcp',
      outcome: 'failed',
      error: { code: 'unreachable' },
    });
  });

  it('does not know a host that the configuration does not', async () => {
    const { code, stdout, stderr } = await run('doctor', 'wbe1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^unknown_host: .*\nFix: Did you mean web1/);
    expect(JSON.parse((await run('doctor', 'wbe1', '--json')).stdout).error.code).toBe('unknown_host');
  });
});

describe('scout-mcp doctor --ready', () => {
  it('has exit code 1 where the audit log is a file that calls would refuse, and says what mends it', async () => {
    const log = join(sshd.directory, 'audit.jsonl');
    const ready = () => runWith({ SCOUT_AUDIT_LOG: log }, 'doctor', '--ready');
    expect(await ready()).toMatchObject({ code: 0, stdout: expect.stringContaining('can be written') });
    writeFileSync(log, '', { mode: 0o644 });
    const { code, stdout } = await ready();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /FAILED {2}audit_log .* others than its owner may read.*\n {4}Fix: Run chmod 600 on it\./,
    );
    chmodSync(log, 0o600);
    expect((await ready()).code).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe('');
  });

  it('has exit code 1 where the configuration cannot be read', async () => {
    const { code, stdout } = await runWith(
      { SCOUT_SSH_CONFIG: '/nowhere/config' },
      'doctor',
      '--ready',
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ready: false,
      checks: [{ ok: true }, { ok: true }, { ok: false }],
    });
  });

  it('has exit code 1 where a file cannot be written, and leaves nothing', async () => {
    const directory = join(sshd.directory, 'written');
    mkdirSync(directory);
    const ready = async (path: string) => {
      const files = { SCOUT_METRICS_FILE: path, SCOUT_AUDIT_LOG: path };
      const { code, stdout } = await runWith(files, 'doctor', '--ready', '--json');
      return { code, ...JSON.parse(stdout) };
    };
    expect(await ready(join(directory, 'scout.prom'))).toMatchObject({
      code: 0,
      ready: true,
      status: 'healthy',
    });
    const { code, status, checks } = await ready(join(directory, 'no', 'scout.prom'));
    expect([code, status]).toEqual([1, 'unhealthy']);
    expect(checks.filter(({ ok }: { ok: boolean }) => !ok)).toMatchObject([
      { name: 'audit_log', fix: expect.stringContaining('SCOUT_AUDIT_LOG'), duration_ms: expect.any(Number) },
      { name: 'metrics_file', fix: expect.stringContaining('SCOUT_METRICS_FILE') },
    ]);
    expect(readdirSync(directory)).toEqual([]);
  });
});
