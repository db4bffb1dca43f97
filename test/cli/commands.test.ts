import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { run, runWith } from './run-main.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await startSshd();
  vi.stubEnv(
    'SCOUT_SSH_CONFIG',
    sshd.writeConfig('web1', 'web2', 'Host off1\n  HostName 127.0.0.1\n  Port 1\n  User nobody\n'),
  );
  vi.stubEnv('SCOUT_SLOW_THRESHOLD_MS', '3600000'); // on a busy machine a call may be a slow one, which is said on stderr
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sshd.stop();
});

describe('scout-mcp hosts', () => {
  it('prints an aligned table and nothing else', async () => {
    const { code, stdout, stderr } = await run('hosts');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [count, header = '', ...rows] = stdout.trimEnd().split('\n');
    expect(count).toBe('3 hosts');
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['web1', 'web2', 'off1']);
    const column = header.indexOf('ADDRESS');
    for (const row of rows) expect(row.slice(column - 1)).toMatch(/^ 127\.0\.0\.1:\d+ /);
    expect(stdout).not.toContain('\x1b');
  });

  it('takes a pattern with exclusions', async () => {
    const { stdout } = await run('hosts', 'web*,!web2');
    expect(stdout).toMatch(/^1 host\nHOST.*\nweb1 .*\n$/);
  });

  it('probes without a login', async () => {
    const before = sshd.log().length;
    const { code, stdout } = await run('hosts', '--probe');
    expect(code).toBe(0);
    expect(stdout).toMatch(/web1 .*SSH-2\.0-OpenSSH/);
    expect(stdout).toMatch(/off1 .*unreachable/);
    expect(sshd.log().slice(before)).not.toContain('Accepted');
  });

  it('gives the structured result as JSON', async () => {
    const { stdout, stderr } = await run('hosts', 'web1', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).results[0].hosts).toMatchObject([{ host: 'web1', port: sshd.port }]);
  });

  it('fails for a host that does not exist, with the nearest one', async () => {
    const { code, stdout, stderr } = await run('hosts', 'web3');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^unknown_host: .*\nFix: Did you mean web1/);
    const asJson = await run('hosts', 'web3', '--json');
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout).error.code).toBe('unknown_host');
  });

  it('heeds a variable, which counts as unset when it is empty', async () => {
    expect((await runWith({ SCOUT_HOSTS: 'web*' }, 'hosts')).stdout).toMatch(/^2 hosts\n/);
    expect((await runWith({ SCOUT_HOSTS: '' }, 'hosts')).stdout).toMatch(/^3 hosts\n/);
  });
});

describe('scout-mcp call', () => {
  it('takes a list as JSON, and a key several times', async () => {
    const file = (name: string) => join(sshd.directory, name);
    for (const name of ['a', 'b', 'c']) writeFileSync(file(name), `${name}1\n${name}2\n`);
    const list = JSON.stringify([`web1:${file('a')}`, `web1:${file('b')}`]);
    const args = [`targets=${list}`, `targets=web2:${file('c')}`, 'offset=-1', '--json'];
    const { code, stdout } = await run('call', 'scout_read', ...args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).results.map(({ text }: { text: string }) => text)).toEqual([
      'a2\n',
      'b2\n',
      'c2\n',
    ]);
  });

  it('has exit code 1 where every host failed, and 0 where one answered', async () => {
    const failed = await run('call', 'scout_query', 'hosts=off1', 'command=true');
    expect({ code: failed.code, stdout: failed.stdout }).toEqual({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/^unreachable: .*off1.*\nFix: /m);
    const partly = await run('call', 'scout_query', 'hosts=web1,off1', 'command=true');
    expect(partly.code).toBe(0);
    expect(partly.stdout).toMatch(/^2 hosts: 1 answered, 1 failed/);
  });

  it('has exit code 1 for a command that is refused, which no host hears of', async () => {
    const before = sshd.connectionCount();
    const { code, stdout, stderr } = await run('call', 'scout_query', 'hosts=web1', 'command=rm -rf /');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^command_refused: .*\brm\b.*\nFix: /);
    expect(sshd.connectionCount()).toBe(before);
  });
});
