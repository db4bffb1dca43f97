import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { explainCommand } from '../../../src/operations/explain-command.ts';
import { wallPlan } from '../../../src/ssh/wall/plan.ts';
import { readReport } from '../../../src/ssh/wall/report.ts';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { resultOf } from '../../tools/structured.ts';

const settings = { SCOUT_QUERY_POLICY: 'walled', SCOUT_RATE_LIMIT_PER_MINUTE: '0' };
/** What stands for a host: with Perl, and with Python alone. */
const hosts = { perl: [], python: ['/usr/bin/perl'], neither: ['/usr/bin/perl', '/usr/bin/python3'] };
type HostName = keyof typeof hosts;

const sshds = new Map<HostName, Sshd>();
const scouts: TestScout[] = [];
let user: TestUser;

beforeAll(async () => {
  user = await makeUser({ shell: 'bash' });
  mkdirSync(join(user.home, '.ssh'), { recursive: true });
  for (const name of ['.ssh/id_test', '.ssh/config', '.netrc', 'plain'])
    writeFileSync(join(user.home, name), `content of ${name}\n`);
  spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, user.home]);
  for (const [name, without] of Object.entries(hosts)) {
    const hide = without.map((path) => `mount --bind /dev/null "$(realpath ${path})"; `).join('');
    const wrapper = ['unshare', '-m', '--propagation', 'private', 'bash', '-ec', `${hide}exec "$@"`, 'bash'];
    sshds.set(name as HostName, await startSshd(without.length > 0 ? { wrapper } : {}));
  }
});
afterAll(async () => {
  for (const scout of scouts) await scout.close();
  await Promise.all([...sshds.values()].map((sshd) => sshd.stop()));
  await user.remove();
});

type Who = 'root' | 'user';
function open(who: Who, name: HostName = 'perl', more: Readonly<Record<string, string>> = {}) {
  const sshd = sshds.get(name) as Sshd; // started above
  const block = sshd.configFor('web1', who === 'root' ? {} : { User: user.name });
  const scout = makeScout(sshd.writeConfig(block), { ...settings, ...more });
  scouts.push(scout);
  return async (command: string, args: object = {}) =>
    await scout.call('scout_query', { hosts: 'web1', command, ...args });
}

const accounts: readonly Who[] = ['root', 'user'];
const places = accounts.flatMap((who) => (['perl', 'python'] as const).map((name) => [who, name] as const));

describe.each(places)('as %s, built by %s', (who, name) => {
  test('any command line runs: other programs, loops, and redirections to the scratch', async () => {
    const query = open(who, name);
    const outputs = {
      'awk "BEGIN { print 6 * 7 }"': '42\n',
      'printf "a\\nb\\n" | xargs -n 1 echo got': 'got a\ngot b\n',
      'for i in 1 2 3; do echo $((i * i)); done': '1\n4\n9\n',
      'echo b >"$TMPDIR/x"; echo a >>"$TMPDIR/x"; sort -o "$TMPDIR/x" "$TMPDIR/x"; cat "$TMPDIR/x"': 'a\nb\n',
      'cd "$TMPDIR" && mkdir d && mv d e && ls && rmdir e && ls': 'e\n',
      'f=$(mktemp) && echo y >"$f" && cat "$f" 2>/dev/null': 'y\n',
      'ls "$TMPDIR/."; pwd': `${who === 'root' ? '/' : user.home}\n`,
      [name === 'perl' ? `perl -e 'print "p" x 3, "\\n"'` : `python3 -c 'print("p" * 3)'`]: 'ppp\n',
    };
    const shown: Record<string, unknown> = {};
    for (const command of Object.keys(outputs)) {
      const answer = await query(command, command.startsWith('ls') && who === 'root' ? { cwd: '/' } : {});
      const result = resultOf('scout_query', answer);
      expect(result).toMatchObject({ wall: 'full', held_by: 'kernel', scratch: '$TMPDIR' });
      expect(answer.text).toContain(', held by the kernel alone, scratch in $TMPDIR');
      shown[command] = result.stdout;
    }
    expect(shown).toEqual(outputs);
  });

  test('what is denied cannot be read by any program, and what is not can', async () => {
    const query = open(who, name);
    const read = async (path: string) =>
      resultOf('scout_query', await query(`x=1; while IFS= read -r l; do echo "$l"; done <${path}`)).stdout;
    expect(await read(`${user.home}/.ssh/config`)).toBe('content of .ssh/config\n');
    expect(await read(`${user.home}/plain`)).toBe('content of plain\n');
    for (const path of ['.ssh/id_test', '.netrc', '../../proc/self/root/etc/shadow'])
      expect(await read(`${user.home}/${path}`)).toBe('');
    expect(await read('/dev/console')).toBe('');
    expect((await query('cat ~/.ssh/id_test')).error?.code).toBe('path_denied');
  });

  test('nothing of a command is left, not for the next one either', async () => {
    const query = open(who, name);
    const sshd = sshds.get(name) as Sshd; // started above
    await query('echo x >"$TMPDIR/left"; sleep 4321 & x=1; nohup sleep 4321 >/dev/null 2>&1 & :');
    const next = resultOf('scout_query', await query('x=; ls -A "$TMPDIR/."; echo $x'));
    expect(next.stdout).toBe('\n');
    await until(() => sshd.processes().length === 0, 3_000);
  });

  test('processes, memory, files and time are bounded', async () => {
    const query = open(who, name);
    const many = await query(
      'i=0; while [ $i -lt 500 ]; do sleep 30 & i=$((i + 1)); done; sleep 3; echo all',
    );
    expect(many.text).not.toContain('\nall\n');
    const big = resultOf('scout_query', await query('dd if=/dev/zero of=/dev/null bs=3G count=1'));
    expect(big.stderr).toMatch(/memory/);
    const full = 'for i in 1 2 3; do head -c 50000000 /dev/zero >"$TMPDIR/$i"; done; cat "$TMPDIR"/* | wc -c';
    const bytes = Number(resultOf('scout_query', await query(full)).stdout);
    expect(bytes).toBeGreaterThan(50_000_000);
    expect(bytes).toBeLessThanOrEqual(64 * 1024 ** 2);
    expect(resultOf('scout_query', await query('x=; ulimit -t'))).toMatchObject({ stdout: '600\n' });
    const late = await query('while :; do :; done', { timeout_s: 1 });
    expect(late.error?.code).toBe('command_timeout');
    await until(() => (sshds.get(name) as Sshd).processes().length === 0, 3_000);
  });

  test('writes, sockets and signals outside are refused', async () => {
    const query = open(who, name);
    const command = `for f in /tmp/scout-walled "${user.home}/made" /dev/shm/scout-walled; do echo x >"$f" && echo made; done; kill -0 1 && echo signalled; exec 3<>/dev/tcp/127.0.0.1/22 && echo connected`;
    const answer = resultOf('scout_query', await query(command));
    expect(answer.stdout ?? '').toBe('');
  });
});

test('what the parser understands runs as under readonly, with the doors that it needs', async () => {
  const query = open('user');
  const parsed = resultOf('scout_query', await query('systemctl is-active nothing; true'));
  expect(parsed).toMatchObject({ wall: 'files' });
  expect(parsed).not.toHaveProperty('held_by');
  expect(resultOf('scout_query', await query('ls / | head -1'))).not.toHaveProperty('held_by');
});

describe('where the wall is not full', () => {
  test.each<[string, HostName, Record<string, string>, RegExp]>([
    ['for lack of a builder', 'neither', {}, /neither perl nor python3/],
    ['by setting', 'perl', { SCOUT_KERNEL_WALL: 'off' }, /SCOUT_KERNEL_WALL=off/],
    [
      'for a pattern that nothing hides',
      'perl',
      { SCOUT_DENY_PATHS: 'default,/srv/**/key' },
      /no wall can hide/,
    ],
  ])('the parser decides, %s', async (_, name, more, why) => {
    const query = open('user', name, more);
    const refused = await query('awk 1 /etc/hostname');
    expect(refused.error?.code).toBe('command_refused');
    expect(refused.text).toMatch(/`awk` is refused/);
    expect(refused.text).toMatch(why);
    expect(resultOf('scout_query', await query('ls /etc/hostname'))).toMatchObject({
      stdout: '/etc/hostname\n',
    });
  });
});

test('explain says what runs where', () => {
  const config = loadConfig({ SCOUT_QUERY_POLICY: 'walled' });
  const any = explainCommand({ config }, 'awk 1 x', '');
  expect(any).toMatchObject({ policy: 'walled', sent: 'awk 1 x', elsewhere: { code: 'command_refused' } });
  expect(explainCommand({ config }, 'ls', '')).not.toHaveProperty('elsewhere');
  expect(explainCommand({ config }, 'cat ~/.ssh/id_x', '')).toMatchObject({
    refused: { code: 'path_denied' },
  });
  expect(explainCommand({ config }, 'a\0b', '')).toMatchObject({ refused: { code: 'command_refused' } });
  expect(explainCommand({ config }, `awk ${'x'.repeat(200_000)}`, '')).toMatchObject({
    refused: { message: expect.stringContaining('128 KiB') },
  });
});

test('of a report only all of its words make a full wall for any command line', () => {
  const whole = 'perl watched nnp landlock=7 seccomp F M P N walled scratch D limits';
  expect(readReport(whole, 'walled')).toEqual({ level: 'full', strict: false, hasScratch: true });
  for (const word of ['watched', 'F', 'M', 'P', 'N', 'walled', 'D', 'limits']) {
    const less = whole
      .split(' ')
      .filter((each) => each !== word)
      .join(' ');
    expect(readReport(less, 'walled').level, word).not.toBe('full');
  }
  expect(readReport(whole.replace(' scratch', ''), 'walled')).toMatchObject({
    level: 'full',
    hasScratch: false,
  });
});

test('a list of denied paths that mounts and Landlock cannot hide lets no command line run', () => {
  const planned = (list: string) => wallPlan(loadConfig({ SCOUT_DENY_PATHS: list })).notWalled;
  expect(planned('default')).toBeUndefined();
  for (const list of ['/a/**/b', '/proc/cmdline', '~/x/**/y'])
    expect(planned(list)?.why).toContain('no wall');
});
