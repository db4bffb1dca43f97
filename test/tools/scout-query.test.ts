import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/compose-answer.ts';
import type { Progress } from '../../src/call.ts';
import { commandLine } from '../fixtures/processes.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { resultOf, resultsOf, steadyText } from './structured.ts';

let sshd: Sshd;
let scout: TestScout;
const more: TestScout[] = [];

beforeAll(async () => {
  sshd = await startSshd();
  scout = makeScout(config());
});

afterAll(async () => {
  for (const each of [scout, ...more]) await each.close();
  await sshd.stop();
});

function config(): string {
  return sshd.writeConfig('web1', 'web2', 'web3', sshd.configFor('dead', { Port: '1' }));
}

function scoutWith(settings: Record<string, string>): TestScout {
  const made = makeScout(config(), settings);
  more.push(made);
  return made;
}

async function query(command: string, args: object = {}, by = scout): Promise<Answer> {
  return await by.call('scout_query', { hosts: 'web1', command, ...args });
}

describe('a command', () => {
  it('gives stdout and stderr apart, and its exit code as data', async () => {
    const answer = await query('echo out; ls /nope; false');
    expect(answer.isError).toBe(false);
    const result = resultOf('scout_query', answer);
    expect(result).toMatchObject({
      hosts: ['web1'],
      exit_code: 1,
      stdout: 'out\n',
      stderr: expect.stringContaining('/nope'),
    });
    expect(steadyText(answer)).toMatch(
      /^web1: exit 1, TIME\n<<<NONCE stdout\nout\n>>>NONCE\n<<<NONCE stderr\nls: .*\n>>>NONCE$/,
    );
  });

  it('that prints nothing is its exit code', async () => {
    const answer = await query('true');
    expect(steadyText(answer)).toMatch(/^web1: exit 0, \d/);
    expect(resultOf('scout_query', answer)).toMatchObject({ exit_code: 0, stdout: '' });
  });

  it('on many hosts is one outcome where it is the same, with the failed ones apart', async () => {
    const answer = await query('echo same', { hosts: '*' });
    expect(answer.isError).toBe(false);
    expect(resultsOf('scout_query', answer)).toMatchObject([
      { hosts: ['web1', 'web2', 'web3'], stdout: 'same\n' },
      { hosts: ['dead'], error: { code: 'unreachable' } },
    ]);
    expect(answer.structured).toMatchObject({ ok: 3, failed: 1, differing: 1 });
    expect(answer.text).toMatch(
      /^4 hosts: 3 answered, 1 failed, 1 outcome\n\nweb1, web2, web3 \(3 hosts\): exit 0, /,
    );
  });

  it('fails as a whole only where every host failed', async () => {
    const answer = await query('true', { hosts: 'dead' });
    expect(answer).toMatchObject({ isError: true, error: { code: 'unreachable' } });
    expect(answer.text).toMatch(/^unreachable: dead.*\nFix: .*$/);
  });

  it('runs where cwd says, whatever its name', async () => {
    const root = mkdtempSync(join(tmpdir(), 'scout-cwd-'));
    for (const name of ["quo'te", 'new\nline', '-n', '$(id)', 'ünï 漢', 'back\\slash']) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'here'), '');
      expect(resultOf('scout_query', await query('ls', { cwd: join(root, name) })), name).toMatchObject({
        stdout: 'here\n',
      });
    }
    const missing = await query('ls', { cwd: `${root}/nope` });
    expect(missing.text).toMatch(
      new RegExp(`^path_not_found: web1: ${realpathSync(root)}/nope does not exist\nFix: .*$`),
    );
    expect((await query('ls', { cwd: '/etc/hostname' })).error?.code).toBe('not_a_directory');
    rmSync(root, { recursive: true });
  });

  it('takes no argument of the wrong kind', async () => {
    for (const args of [{ timeout_s: 'soon' }, { timeout_s: 0 }, { timeout: 5 }, { cwd: 5 }]) {
      expect((await query('true', args)).error?.code).toBe('invalid_argument');
    }
    const startedMs = performance.now();
    const free = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' });
    for (const by of [scout, free])
      expect((await query('x'.repeat(1024 ** 2), {}, by)).error?.code).toBe('command_refused');
    expect((await query('x'.repeat(100_000))).error?.code).toBe('command_refused');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it.each([
    ['../', '`..`'],
    ['a\0b', 'NUL'],
    ['~root', '`~user`'],
  ])('takes no directory %j, and says that it is about that', async (cwd, why) => {
    const { text } = await query('true', { cwd });
    expect(text).toContain(`invalid_argument: cwd ${JSON.stringify(cwd)}: `);
    expect(text).toContain(why);
    expect(text).toMatch(/\nFix: Give a directory: /);
  });
});

describe('the policy', () => {
  it('says what is refused, why, and what to use instead, and sends nothing', async () => {
    const quiet = scoutWith({});
    const before = sshd.connectionCount();
    const answer = await query('ls > /tmp/x', {}, quiet);
    expect(answer.isError).toBe(true);
    expect(answer.text).toBe(
      'command_refused: `> /tmp/x` is refused: writing redirections are not run\n' +
        'Fix: Use instead: the command without it: the answer holds stdout and stderr.',
    );
    expect(sshd.connectionCount()).toBe(before);
  });

  it.each([
    ['cat null', '/dev'],
    ['head -c6 fd/0', '/proc/1'],
    ['cat self/root/etc/hosts', '//proc'],
    ['grep -r x', '/./proc/self'],
    ['cat debug/x', '/sys/kernel'],
    ['ls', '/net/other'],
    ['cat dev/sda', '/'],
  ])('refuses `%s` in %s, where the path leads to more than a file', async (command, cwd) => {
    expect((await query(command, { cwd })).error?.code).toBe('command_refused');
  });

  it.each([
    ['cat environ', '/proc/1'],
    ['cat self/environ', '//proc'],
    ['cat shadow', '/etc'],
  ])('refuses `%s` in %s, where the path is denied', async (command, cwd) => {
    expect((await query(command, { cwd })).error?.code).toBe('path_denied');
  });

  it('lists in the same places', async () => {
    for (const cwd of ['/', '/dev', '/proc', '/sys/kernel']) {
      expect(resultOf('scout_query', await query('ls', { cwd })), cwd).toMatchObject({ exit_code: 0 });
    }
  });

  it('that is off hides the tool', () => {
    const names = scoutWith({ SCOUT_QUERY_POLICY: 'off' }).scout.answerer.tools.map(({ name }) => name);
    expect(names).toContain('scout_read');
    expect(names).not.toContain('scout_query');
  });

  it('that is unrestricted runs anything', async () => {
    const free = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' });
    const answer = await query('x=5; echo $((x + 1)) > "$HOME/made"; cat made', {}, free);
    expect(resultOf('scout_query', answer)).toMatchObject({ exit_code: 0, stdout: '6\n' });
    expect(resultOf('scout_query', await query('pwd', { cwd: '/proc' }, free))).toMatchObject({
      stdout: '/proc\n',
    });
    expect((await query('a\0b', {}, free)).error?.code).toBe('command_refused');
  });

  it('says which kernel wall a command had', async () => {
    expect(resultOf('scout_query', await query('true'))).toMatchObject({ wall: 'full' });
    const weaker = await query('systemctl list-units');
    expect(resultOf('scout_query', weaker)).toMatchObject({ wall: 'files' });
    expect(weaker.text).toMatch(/^web1: exit \d+, [^\n]* m?s, wall for files only\n/);
    const off = await query('true', {}, scoutWith({ SCOUT_KERNEL_WALL: 'off' }));
    expect(resultOf('scout_query', off)).toMatchObject({ wall: 'none' });
    expect(off.text).toMatch(/^web1: exit 0, [^\n]* m?s, no wall(?:\n|$)/);
  });
});

describe('time', () => {
  it('that is up leaves what was printed until then, beside the error', async () => {
    const free = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' });
    const answer = await query('echo early; sleep 1000', { timeout_s: 0.7 }, free);
    expect(answer.isError).toBe(true);
    expect(resultOf('scout_query', answer)).toMatchObject({
      stdout: 'early\n',
      error: { code: 'command_timeout' },
    });
    expect(answer.text).toMatch(
      /^web1: stopped, .*\n<<<\w+ stdout\nearly\n>>>\w+\ncommand_timeout: web1 did not finish within 700 ms\nFix: Ask for less, or raise timeout_s\.$/,
    );
    await until(() => !sshd.processes().some((pid) => commandLine(pid) === 'sleep 1000'));
  });

  it('that nobody gave is that of the setting, and can be given', async () => {
    const hasty = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted', SCOUT_COMMAND_TIMEOUT: '700ms' });
    const { error } = resultOf('scout_query', await query('sleep 1000', {}, hasty));
    expect(error).toMatchObject({
      code: 'command_timeout',
      fix: 'Ask for less, or give timeout_s, or raise SCOUT_COMMAND_TIMEOUT.',
    });
  });

  it('beyond SCOUT_CALL_TIMEOUT is bounded by that', async () => {
    const free = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted', SCOUT_CALL_TIMEOUT: '1s' });
    const startedMs = performance.now();
    const answer = await query('echo early; sleep 1000', { timeout_s: 600 }, free);
    expect(performance.now() - startedMs).toBeLessThan(10_000); // of 600 s
    expect(resultOf('scout_query', answer)).toMatchObject({
      stdout: 'early\n',
      error: { code: 'command_timeout', message: 'web1: the call did not finish within 1 s' },
    });
  });

  it('that the caller does not want to wait ends the call with `cancelled`, and the remote command', async () => {
    const free = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' });
    await query('true', {}, free);
    const controller = new AbortController();
    const call = free.call(
      'scout_query',
      { hosts: 'web1', command: 'sleep 98765' },
      { signal: controller.signal },
    );
    const sleeping = async () =>
      (await query("ps -ef | grep 's[l]eep 98765'", {}, free)).text.includes('98765');
    await until(sleeping);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await until(async () => !(await sleeping()));
  });

  it('is reported as progress, one host more each time', async () => {
    const progress: Progress[] = [];
    await scout.call(
      'scout_query',
      { hosts: '*', command: 'true' },
      { progress: (report) => progress.push(report) },
    );
    expect(progress.map(({ done, total }) => [done, total])).toEqual(
      [0, 1, 2, 3, 4].map((done) => [done, 4]),
    );
  });
});

describe('output without end', () => {
  it('is stopped, keeps its head and tail, and says what was cut', async () => {
    const small = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted', SCOUT_MAX_OUTPUT_SIZE: '64KiB' });
    const answer = await query("echo begin; yes 'é 漢'", {}, small);
    const result = resultOf('scout_query', answer);
    expect(result).toMatchObject({
      error: { code: 'output_limit', message: expect.stringContaining('web1') },
    });
    expect(result.stdout_dropped_bytes).toBeGreaterThan(100_000);
    expect(result.stdout).toMatch(/^begin\né 漢\n/);
    expect(answer.text).toMatch(/ of stdout not kept\n<<</);
    expect(answer.text).not.toContain('\ufffd');
  });

  it('within the limit is there to the last byte', async () => {
    const answer = await query('seq 1 100000', {}, scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' }));
    const result = resultOf('scout_query', answer);
    expect(result.stdout_tail).toMatch(/\n99999\n100000\n$/);
    let whole = result.stdout as string;
    const reader = more.at(-1) ?? scout;
    for (let target = result.stdout_rest; target !== undefined; ) {
      const page = resultOf('scout_read', await reader.call('scout_read', { targets: [target] }));
      whole += page.text;
      target = page.text_rest;
    }
    expect(whole).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(''));
  });
});

it('a rate limit refuses what is too much, and says how long to wait', async () => {
  const slow = scoutWith({ SCOUT_RATE_LIMIT_PER_MINUTE: '1', SCOUT_RATE_LIMIT_BURST: '1' });
  await query('true', {}, slow);
  const answer = await query('true', {}, slow);
  expect(answer.text).toMatch(/^rate_limited: too many calls at once\nFix: Wait \d/);
});
