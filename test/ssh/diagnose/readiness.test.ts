import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkReadiness } from '../../../src/ssh/diagnose/readiness.ts';
import { surroundings } from './doctor.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scout-ready-'));
});
afterAll(() => rm(directory, { recursive: true }));

function hosts(content?: string) {
  const path = join(directory, content === undefined ? 'none' : 'config');
  if (content !== undefined) writeFileSync(path, content);
  return surroundings(path).hosts;
}

async function failing(content: string | undefined, node = '20.1.0') {
  return (await checkReadiness(hosts(content), node)).filter(({ ok }) => !ok);
}

it('The program is ready where Node is new enough and the configuration can be read', async () => {
  const checks = await checkReadiness(
    hosts('Host web1\n  HostName nowhere.invalid\n'),
    process.versions.node,
  );
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['node', true],
    ['engine', true],
    ['config', true],
  ]);
  expect(checks[2]?.detail).toBe('1 host in the ssh configuration');
});

it('An old Node, a missing configuration and one that ssh refuses each have a fix', async () => {
  expect(await failing('Host web1\n', '18.20.0')).toMatchObject([
    { name: 'node', fix: expect.stringMatching(/Install Node/) },
  ]);
  expect(await failing(undefined)).toMatchObject([{ name: 'config', fix: expect.stringMatching(/./) }]);
  const [refused] = await failing('Host web1\n  Compression perhaps\n');
  expect(refused?.detail).toMatch(/web1/);
  expect(refused?.fix).toMatch(/ssh -G/);
});

it('An audit log that is there needs no directory that can be written', async () => {
  const auditLog = '/nowhere/audit.jsonl';
  const check = async (isAuditFile: () => boolean) =>
    (await checkReadiness(hosts('Host web1\n'), '20.1.0', { auditLog, isAuditFile })).at(-1);
  expect(await check(() => true)).toMatchObject({ name: 'audit_log', ok: true });
  expect(await check(() => false)).toMatchObject({ ok: false, detail: '/nowhere cannot be written' });
});

it('Where the installed ssh is the engine, it must be there', async () => {
  const engine = async (PATH: string) =>
    (await checkReadiness(hosts('Host web1\n'), '20.1.0', { sshEngine: 'openssh', env: { PATH } }))[1];
  expect(await engine('/nowhere')).toMatchObject({
    name: 'engine',
    ok: false,
    fix: expect.stringContaining('SCOUT_SSH_ENGINE'),
  });
  expect(await engine('/usr/bin')).toMatchObject({ ok: true, detail: 'the installed ssh, /usr/bin/ssh' });
});
