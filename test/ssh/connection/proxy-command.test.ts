import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allProcesses, commandLine } from '../../fixtures/processes.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { query, queryText, scoutWith, times } from '../pool/query.ts';

let sshd: Sshd;
let script: string;
beforeAll(async () => {
  sshd = await startSshd();
  script = join(sshd.directory, 'proxy.sh');
  writeFileSync(script, 'exec 3<>/dev/tcp/$1/$2; { cat <&3; kill $$; } & exec cat >&3\n');
});
afterAll(() => sshd.stop());

/** Processes of this machine whose command line holds the directory of this test's sshd and `cat` of its proxy. */
function proxies(): number[] {
  const leaders = allProcesses().filter(({ pid }) => commandLine(pid).includes(script));
  const groups = new Set(leaders.map(({ group }) => group));
  return allProcesses().flatMap(({ pid, group }) => (groups.has(group) ? [pid] : []));
}

function throughProxy(command: string): string {
  return sshd.writeConfig(sshd.configFor('web1', { ProxyCommand: command }));
}

test('a host is reached through its ProxyCommand, whose processes end with the connection', async () => {
  const scout = scoutWith(throughProxy(`bash ${script} %h %p`), { SCOUT_IDLE_TIMEOUT: '300ms' });
  expect(await queryText(scout, 'web1', 'echo through')).toBe('through\n');
  const pids = proxies();
  expect(pids.length).toBeGreaterThanOrEqual(2); // the shell and its children
  await until(() => !allProcesses().some(({ pid }) => pids.includes(pid)), 3_000);
  expect(await queryText(scout, 'web1', 'echo again')).toBe('again\n');
});

test('closing the server ends the processes of a ProxyCommand', async () => {
  const scout = scoutWith(throughProxy(`bash ${script} %h %p`));
  await queryText(scout, 'web1', 'echo');
  const pids = proxies();
  await scout.close();
  await until(() => !allProcesses().some(({ pid }) => pids.includes(pid)), 3_000);
});

test('much data in both directions comes through whole', async () => {
  const scout = scoutWith(throughProxy(`bash ${script} %h %p`));
  const file = join(sshd.directory, 'numbers');
  writeFileSync(file, Array.from({ length: 400_000 }, (_, n) => `${n}\n`).join(''));
  expect(await queryText(scout, 'web1', `cat ${file} | tail -n 1`)).toBe('399999\n');
  expect(await queryText(scout, 'web1', `cat ${file} | wc -l`)).toBe('400000\n');
  const long = 'x'.repeat(14_000);
  expect(await queryText(scout, 'web1', `echo ${long} | wc -c`)).toBe('14001\n');
  const read = await scout.call('scout_read', { targets: [`web1:${file}`], offset: 100_000, limit: 2 });
  expect(read.text).toContain('99999\n100000');
});

test('a connection that is lost through a ProxyCommand is replaced', async () => {
  const scout = scoutWith(throughProxy(`bash ${script} %h %p`));
  await queryText(scout, 'web1', 'echo');
  await sshd.killSessions();
  expect(await queryText(scout, 'web1', 'echo anew')).toBe('anew\n');
  expect(times(scout, 'dialed')).toBe(2);
});

test.each([
  ['that fails', "sh -c 'exit 3'", 'status 3'],
  ['that does not exist', 'no-such-command-here %h', 'status 127'],
  ['that is killed', "sh -c 'kill -9 $$'", 'SIGKILL'],
])('a ProxyCommand %s is proxy_failed, at once', async (_, command, how) => {
  const scout = scoutWith(throughProxy(command));
  const startedMs = performance.now();
  const { error } = await query(scout, 'web1', 'echo');
  expect(error).toMatchObject({ code: 'proxy_failed', message: expect.stringContaining(how) });
  expect(error?.message).toContain('web1');
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});

test('a ProxyCommand that says nothing ends in connect_timeout, and is ended', async () => {
  const quiet = join(sshd.directory, 'quiet.sh');
  writeFileSync(quiet, "trap '' TERM; while :; do sleep 100; done\n");
  const scout = scoutWith(throughProxy(`bash ${quiet} %h`), { SCOUT_SSH_CONNECT_TIMEOUT: '500ms' });
  expect((await query(scout, 'web1', 'echo')).error?.code).toBe('connect_timeout');
  await until(() => !allProcesses().some(({ pid }) => commandLine(pid).includes(quiet)), 3_000);
});
