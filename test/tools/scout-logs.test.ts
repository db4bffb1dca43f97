import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayDockerLogs } from '../fixtures/recorded-docker-logs.ts';
import { unpackJournal } from '../fixtures/recorded-journal.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { type Result, resultOf, resultsOf, steadyText } from './structured.ts';

let root: string;
/** With a journal and docker; with syslog files alone; with BusyBox. */
let machines: { sshd: Sshd; standIns: StandIns; log: string }[];
let user: TestUser;
let scout: TestScout;
let journalctl: string;

/** What the real journalctl would find in memory. */
const noJournal = '[ ! -d /run/log/journal ] || mount -t tmpfs tmpfs /run/log/journal';
const many = Array.from({ length: 20 }, (_, at) => `node${String(at + 1).padStart(2, '0')}`);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'scout-logs-'));
  chmodSync(root, 0o755);
  user = await makeUser();
  machines = await Promise.all(
    ['modern', 'syslog', 'busybox'].map(async (name) => {
      const log = join(root, name);
      mkdirSync(log);
      const standIns = makeStandIns(`mount --bind '${log}' /var/log && { ${noJournal}; }`);
      return { log, standIns, sshd: await startSshd({ wrapper: standIns.wrapper }) };
    }),
  );
  const [modern, syslog, busybox] = machines as [Machine, Machine, Machine];
  const journal = unpackJournal(root);
  journalctl = `exec /usr/bin/journalctl -D '${journal}' "$@"`;
  modern.standIns.install('journalctl', journalctl);
  replayDockerLogs(modern.standIns);
  syslog.standIns.hide('docker');
  const applets = spawnSync('busybox', ['--list'], { encoding: 'utf8' }).stdout.split('\n');
  for (const name of ['cat', 'date', 'find', 'grep', 'head', 'ls', 'tail', 'wc', 'zcat', 'test'])
    if (applets.includes(name)) symlinkSync('/bin/busybox', join(busybox.standIns.directory, name));
  busybox.standIns.hide('journalctl');
  const config = (machine: Machine, alias: string, more = {}) =>
    machine.sshd.configFor(alias, {
      IdentityFile: machine.sshd.keys.ed25519,
      UserKnownHostsFile: machine.sshd.knownHostsFile,
      ...more,
    });
  scout = makeScout(
    modern.sshd.writeConfig(
      'modern',
      ...many,
      config(syslog, 'syslog'),
      config(syslog, 'plain', { User: user.name, IdentityFile: modern.sshd.keys.ed25519 }),
      config(busybox, 'busybox'),
      modern.sshd.configFor('dead', { Port: '1' }),
    ),
  );
});

type Machine = (typeof machines)[number];

afterAll(async () => {
  await scout.close();
  for (const { sshd, standIns } of machines) {
    await sshd.stop();
    standIns.remove();
  }
  await user.remove();
  rmSync(root, { recursive: true, force: true });
});

async function logs(hosts: string, source: string, more: object = {}) {
  return await scout.call('scout_logs', { hosts, source, ...more });
}

async function linesOf(hosts: string, source: string, more: object = {}): Promise<string[]> {
  const result = resultOf('scout_logs', await logs(hosts, source, more));
  return result.log.split('\n').slice(0, -1);
}

function machine(at: number): Machine {
  const found = machines[at];
  if (!found) throw new Error(`no machine ${at}`);
  return found;
}

describe('the journal, by the real journalctl', () => {
  it('is read in UTC, oldest first, with who says what and how urgent it is', async () => {
    const answer = await logs('modern', 'system', { limit: 6 });
    expect(resultOf('scout_logs', answer)).toMatchObject({
      hosts: ['modern'],
      from: 'the journal',
      lines: 6,
    });
    expect(steadyText(answer)).toMatch(/^modern: 6 newest lines of the journal\n<<<NONCE log\n/);
    const lines = await linesOf('modern', 'system', { limit: 6 });
    expect(lines.slice(0, 3)).toEqual([
      '2026-11-21T14:01:00Z nginx[812]: start worker process 813',
      '2026-11-21T14:02:00Z nginx[813] err: upstream timed out (110: Connection timed out)',
      '2026-11-21T14:03:00Z kernel warning: Out of memory: Killed process 4242 (java)',
    ]);
  });

  it('keeps hostile messages from passing for lines of their own, and shows what a terminal would obey', async () => {
    const lines = await linesOf('modern', 'journal:app.service');
    expect(lines.slice(0, 4)).toEqual([
      '2026-11-21T14:04:00Z app[900]: first line',
      '    2026-11-21T00:00:00Z forged[1]: second line',
      '    >>>nonce',
      '2026-11-21T14:05:00Z app[900]: \\x1b[31mred\\x1b[0m \\x07bell',
    ]);
    expect(lines[4]).toMatch(/^2026-11-21T14:06:00Z app\[900\] crit: x{6000} end$/);
  });

  it('is narrowed down by unit, priority, time and pattern, in which case counts', async () => {
    const texts = async (more: object, source = 'system') =>
      (await linesOf('modern', source, more)).map((line) => line.slice(11, 40));
    expect(await texts({ priority: 'err' })).toEqual([
      '14:02:00Z nginx[813] err: ups',
      '14:06:00Z app[900] crit: xxxx',
    ]);
    expect(await texts({ since: '2026-11-21T14:05:30Z' })).toEqual(['14:06:00Z app[900] crit: xxxx']);
    expect(await texts({ pattern: '^start' })).toEqual(['14:01:00Z nginx[812]: start w']);
    expect(await texts({ pattern: 'STARTED' })).toEqual([]);
    expect(await texts({ pattern: 'started' })).toEqual([]);
    expect(await texts({ pattern: 'process [0-9]{4} \\(' })).toEqual(['14:03:00Z kernel warning: Out']);
    expect(await texts({ limit: 1 }, 'journal:nginx.service')).toEqual(['14:02:00Z nginx[813] err: ups']);
  });

  it('keeps the newest entries of more than there is room for', async () => {
    const small = makeScout(machine(0).sshd.writeConfig('modern'), { SCOUT_MAX_OUTPUT_SIZE: '23KiB' });
    const answer = await small.call('scout_logs', { hosts: 'modern', source: 'system' });
    await small.close();
    const { log, note } = resultOf('scout_logs', answer);
    expect(note).toBe('older lines left out: too many bytes (SCOUT_MAX_OUTPUT_SIZE)');
    expect(log).toMatch(/ app\[900\] crit: x+ end\n$/);
    expect(log).not.toContain('Started nginx');
  });

  it('without a unit of that name has no lines, and that is no error', async () => {
    const answer = await logs('modern', 'journal:nosuch.service');
    expect(answer.isError).toBe(false);
    expect(answer.text).toBe('modern: no lines of the journal of nosuch.service');
  });

  it('is searched by grep where journalctl cannot, and read where it knows fewer options', async () => {
    const { standIns } = machine(0);
    standIns.install(
      'journalctl',
      'case "$*" in *output-fields*) echo "journalctl: unrecognized option \'--output-fields=MESSAGE\'" >&2; exit 1;;',
      '*-g*) echo "Compiled without pattern matching support" >&2; exit 1;; esac',
      journalctl,
    );
    try {
      expect(await linesOf('modern', 'system', { pattern: 'upstream|worker', limit: 1 })).toEqual([
        '2026-11-21T14:02:00Z nginx[813]: upstream timed out (110: Connection timed out)',
      ]);
      const answer = await logs('modern', 'system', { pattern: 'upstream' });
      expect(answer.text).toContain('(pattern looked for in the newest 10000 lines)');
      expect(await linesOf('modern', 'journal:nginx.service')).toHaveLength(2);
    } finally {
      standIns.install('journalctl', journalctl);
    }
  });

  it('that complains without end is gone through as fast as any', async () => {
    const { standIns } = machine(0);
    standIns.install('journalctl', 'yes "unknown option" | head -n 40000 | tr "\\n" " " >&2');
    try {
      const startedMs = performance.now();
      expect((await logs('modern', 'journal:nginx')).error?.code).toBe('not_available');
      expect(performance.now() - startedMs).toBeLessThan(3_000);
    } finally {
      standIns.install('journalctl', journalctl);
    }
  });

  it('that the account may not read whole is said to be so; that it may not read at all is an error', async () => {
    const { standIns } = machine(0);
    const hint =
      'Hint: You are currently not seeing messages from other users and the system.\n' +
      "      Users in groups 'adm', 'systemd-journal' can see all messages.\n      Pass -q to turn off this notice.\n";
    const path = standIns.keep('hint', hint);
    standIns.install('journalctl', `cat '${path}' >&2`, journalctl);
    try {
      expect((await logs('modern', 'system')).text).toMatch(
        /lines of the journal \(only entries of this account: /,
      );
      standIns.install(
        'journalctl',
        `cat '${path}' >&2; echo "No journal files were opened due to insufficient permissions." >&2; exit 1`,
      );
      const answer = await logs('modern', 'journal:nginx');
      expect(answer.text).toMatch(
        /^permission_denied: the account on modern may not read the journal\nFix: .*systemd-journal or adm/,
      );
    } finally {
      standIns.install('journalctl', journalctl);
    }
  });
});

describe('without a journal', () => {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const month = (date: Date) => date.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  /** As `Nov  1 14:00:01` in the zone of the machine, which is that of this process. */
  const traditional = (date: Date) => {
    const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
    return `${month(local)} ${String(local.getUTCDate()).padStart(2)} ${local.toISOString().slice(11, 19)}`;
  };

  it('the syslog file is read, which is said, and only what is new enough', async () => {
    writeFileSync(
      join(machine(1).log, 'syslog'),
      [
        `${traditional(ago(200))} web1 cron[1]: old`,
        `${traditional(ago(50))} web1 app[2]: first of a trace`,
        '  at Frame.one',
        `${ago(2).toISOString()} web1 app[2]: newest`,
        '',
      ].join('\n'),
    );
    const answer = await logs('syslog', 'system', { since: '1h' });
    expect(answer.text).toMatch(/^syslog: 3 newest lines of \/var\/log\/syslog \(there is no journal\)\n/);
    expect(resultOf('scout_logs', answer)).toMatchObject({
      from: '/var/log/syslog',
      note: 'there is no journal',
    });
    expect((await linesOf('syslog', 'system', { since: '1h' }))[1]).toBe('  at Frame.one');
    expect(await linesOf('syslog', 'system', { pattern: '^[A-Z].*old$' })).toHaveLength(1);
  });

  it('a priority of lines that have none is refused, with why', async () => {
    expect((await logs('syslog', 'system', { priority: 'err' })).text).toMatch(
      /^invalid_argument: priority: the lines of \/var\/log\/syslog on syslog, which has no journal to read, carry none\n/,
    );
  });

  it('nor a syslog file says what was looked at; where one may not be read, what would help', async () => {
    const { log } = machine(1);
    chmodSync(join(log, 'syslog'), 0o640);
    const answer = await logs('plain', 'system');
    expect(answer.text).toMatch(
      /^permission_denied: no log of the system: plain keeps no journal; \/var\/log\/syslog cannot be read; \/var\/log\/messages does not exist|^permission_denied: plain: no log/,
    );
    expect(answer.text).toMatch(/Fix: .*\badm\b/);
    rmSync(join(log, 'syslog'));
    expect((await logs('syslog', 'system')).error?.code).toBe('not_available');
  });

  it.each(['mine.log', 'mine.log.gz'])('%s of another account is no file that is not there', async (name) => {
    const path = join(machine(1).log, name);
    writeFileSync(path, gzipSync('secret\n'), { mode: 0o600 });
    const answer = await logs('plain', `file:/var/log/${name}`);
    expect(answer.text).toContain(
      `permission_denied: the account may not read /var/log/${name} on plain\nFix: Add the account`,
    );
    rmSync(path);
  });

  it('BusyBox has /var/log/messages, whose severities are read', async () => {
    const { log } = machine(2);
    const begin = traditional(ago(5));
    writeFileSync(join(log, 'messages.0'), '');
    writeFileSync(
      join(log, 'messages'),
      `${begin} alpine daemon.info crond[1]: fine\n${begin} alpine daemon.err nginx: broken\n${begin} alpine kern.crit kernel: oops\n`,
    );
    const answer = await logs('busybox', 'system', { priority: '3' });
    expect(answer.text).toContain('/var/log/messages and messages.0 (there is no journal)');
    expect(resultOf('scout_logs', answer).log).toBe(
      `${begin} alpine daemon.err nginx: broken\n${begin} alpine kern.crit kernel: oops\n`,
    );
    expect(
      await linesOf('busybox', 'system', { priority: 'debug', pattern: 'fine', since: '1h' }),
    ).toHaveLength(1);
  });
});

describe.each([
  ['GNU', 'modern', 0],
  ['BusyBox', 'busybox', 2],
])('a file, by %s', (_, host, at) => {
  const line = (minute: number) =>
    `2026/11/21 13:${String(minute).padStart(2, '0')}:00 [error] ${minute}#0: m${minute}`;
  const from = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => `${line(first + index)}\n`).join('');

  beforeAll(() => {
    const directory = join(machine(at).log, 'nginx');
    mkdirSync(directory);
    writeFileSync(join(directory, 'error.log'), from(40, 49));
    writeFileSync(join(directory, 'error.log.1'), from(30, 39));
    writeFileSync(join(directory, 'error.log.2.gz'), gzipSync(from(20, 29)));
    writeFileSync(join(directory, 'error.log.10.gz'), gzipSync(from(10, 19)));
    writeFileSync(join(directory, 'error.log.bak'), 'never read\n');
    writeFileSync(join(directory, 'other.log'), 'one\ntwo\n');
  });

  const path = 'file:/var/log/nginx/error.log';

  it('is read to its last lines', async () => {
    const answer = await logs(host, path, { limit: 2 });
    expect(steadyText(answer)).toBe(
      `${host}: 2 newest lines of /var/log/nginx/error.log\n<<<NONCE log\n${line(48)}\n${line(49)}\n>>>NONCE`,
    );
  });

  it('goes on with the files it was rotated to, gzipped too, as far as the limit', async () => {
    const answer = await logs(host, path, { limit: 25 });
    const result = resultOf('scout_logs', answer);
    expect(result.log).toBe(from(25, 49));
    expect(result.from).toBe('/var/log/nginx/error.log and error.log.1, error.log.2.gz');
  });

  it('goes on as far as since, and no further', async () => {
    const result = resultOf('scout_logs', await logs(host, path, { since: '2026-11-21T13:35Z' }));
    expect(result.log).toBe(from(35, 49));
    expect(result.from).toBe('/var/log/nginx/error.log and error.log.1');
  });

  it('is searched through all of them', async () => {
    expect(await linesOf(host, path, { pattern: 'm[1-4]5$' })).toEqual([15, 25, 35, 45].map(line));
    expect(await linesOf(host, path, { pattern: 'm[1-4]5$', limit: 2 })).toEqual([35, 45].map(line));
  });

  it('may have a dash in front', async () => {
    writeFileSync(join(machine(at).log, '-x.log'), 'new\n');
    writeFileSync(join(machine(at).log, '-x.log.1'), 'old\n');
    expect(await linesOf(host, 'file:/var/log/-x.log')).toEqual(['old', 'new']);
  });

  it('says which of those it was rotated to is damaged', async () => {
    writeFileSync(join(machine(at).log, 'torn.log'), 'new\n');
    writeFileSync(join(machine(at).log, 'torn.log.1.gz'), gzipSync(`${from(0, 59)}`).subarray(0, -20));
    writeFileSync(join(machine(at).log, 'torn.log.2.gz'), 'no gzip');
    writeFileSync(join(machine(at).log, 'torn.log.3.gz'), gzipSync('old\n'));
    const { log, note } = resultOf('scout_logs', await logs(host, 'file:/var/log/torn.log'));
    expect(log).toMatch(/^old\n.*new\n$/s);
    expect(note).toBe('torn.log.1.gz is damaged; torn.log.2.gz is damaged');
    expect((await logs(host, path, { limit: 25 })).text).not.toContain('damaged');
  });

  it('that was gzipped is unpacked where it is named itself, and searched', async () => {
    const gz = 'file:/var/log/nginx/error.log.2.gz';
    const answer = await logs(host, gz, { limit: 2 });
    expect(steadyText(answer)).toBe(
      `${host}: 2 newest lines of /var/log/nginx/error.log.2.gz\n<<<NONCE log\n${line(28)}\n${line(29)}\n>>>NONCE`,
    );
    expect(await linesOf(host, gz, { pattern: 'm2[13]$' })).toEqual([21, 23].map(line));
    const torn = resultOf('scout_logs', await logs(host, 'file:/var/log/torn.log.1.gz'));
    expect(torn.note).toBe('/var/log/torn.log.1.gz is damaged');
    spawnSync('mkfifo', [join(machine(at).log, 'fifo.gz')]);
    expect((await logs(host, 'file:/var/log/fifo.gz')).error?.code).toBe('unsupported_file');
    expect((await logs(host, 'file:/var/log/nope.gz')).error?.code).toBe('path_not_found');
  });

  it('that was gzipped is not there to be read where nothing unpacks it, which is said', async () => {
    const { standIns } = machine(at);
    const unpacker = join(standIns.directory, 'zcat');
    const kept = existsSync(unpacker) ? `${unpacker}.kept` : undefined;
    if (kept) renameSync(unpacker, kept);
    standIns.hide('zcat');
    const error = (await logs(host, 'file:/var/log/nginx/error.log.2.gz')).error;
    const whole = resultOf('scout_logs', await logs(host, path));
    rmSync(unpacker);
    if (kept) renameSync(kept, unpacker);
    expect(error).toMatchObject({ code: 'not_available', message: expect.stringContaining('has no zcat') });
    expect([whole.log, whole.note]).toEqual([from(30, 49), 'error.log.2.gz and older could not be read']);
  });

  it('without times is not cut by since, which is said', async () => {
    const answer = await logs(host, 'file:/var/log/nginx/other.log', { since: '1h' });
    expect(answer.text).toContain('(since was not applied: no time is recognised in these lines)');
    expect(resultOf('scout_logs', answer).log).toBe('one\ntwo\n');
  });

  it('that is not there, or no file, is an error of its own', async () => {
    const codeOf = async (source: string) => (await logs(host, source)).error?.code;
    expect(await codeOf('file:/var/log/nope.log')).toBe('path_not_found');
    expect(await codeOf('file:/var/log/nginx')).toBe('unsupported_file');
    spawnSync('mkfifo', [join(machine(at).log, 'fifo')]);
    expect(await codeOf('file:/var/log/fifo')).toBe('unsupported_file');
  });
});

describe('containers, as docker printed them', () => {
  it('are read by name, with times and both streams', async () => {
    const answer = await logs('modern', 'docker:shop-web-1');
    expect(steadyText(answer)).toBe(
      'modern: 4 newest lines of container shop-web-1\n<<<NONCE log\n' +
        '2026-11-21T14:44:35Z GET / 200\n2026-11-21T14:44:36Z upstream failed\n' +
        '2026-11-21T14:44:38Z \\x1b[31mred\\x1b[0m line\n2026-11-21T14:44:38Z   at Frame.one\n>>>NONCE',
    );
  });

  it('of a project are one stream, each line with its service', async () => {
    expect(await linesOf('modern', 'compose:shop', { limit: 4 })).toEqual([
      '2026-11-21T14:44:37Z db | ready to accept connections',
      '2026-11-21T14:44:38Z web | \\x1b[31mred\\x1b[0m line',
      '2026-11-21T14:44:38Z web |   at Frame.one',
      '2026-11-21T14:44:38Z db | ERROR: deadlock detected',
    ]);
    expect(await linesOf('modern', 'compose:shop/web')).toHaveLength(4);
  });

  it('are searched behind the time that docker prints', async () => {
    expect(await linesOf('modern', 'compose:shop', { pattern: '^(ERROR|GET)' })).toEqual([
      '2026-11-21T14:44:35Z web | GET / 200',
      '2026-11-21T14:44:38Z db | ERROR: deadlock detected',
    ]);
    expect(await linesOf('modern', 'docker:shop-web-1', { pattern: 'nothing like it' })).toEqual([]);
  });

  it.each(['docker:shop-web-1', 'compose:shop'])(
    'of %s: how far back they are searched is said',
    async (source) => {
      const noteOf = async (more: object) => resultOf('scout_logs', await logs('modern', source, more)).note;
      expect(await noteOf({ pattern: 'GET' })).toBe('pattern looked for in the newest 10000 lines');
      expect(await noteOf({ pattern: '.', limit: 1 })).toBeUndefined();
      expect(await noteOf({})).toBeUndefined();
    },
  );

  it.each([
    ['modern', 'docker:nosuch', 'modern has no container "nosuch"'],
    ['modern', 'docker:nolog', 'configured logging driver does not support reading'],
    ['modern', 'compose:nosuch', 'has no container of compose project nosuch'],
    ['syslog', 'docker:web', 'syslog has no docker'],
    ['syslog', 'compose:shop', 'syslog has no docker'],
  ])('on %s, %s: %s', async (host, source, message) => {
    for (const more of [{}, { pattern: 'x' }]) {
      const answer = await logs(host, source, more);
      expect(answer.error?.code).toBe('not_available');
      expect(answer.text).toContain(message);
    }
  });
});

describe('many hosts', () => {
  it('that say the same are shown once, and a dead one costs its line', async () => {
    const answer = await logs('node*,dead', 'journal:nginx.service');
    const results = resultsOf('scout_logs', answer);
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({ hosts: many, lines: 2 });
    expect(results[1]).toMatchObject({ hosts: ['dead'], error: { code: 'unreachable' } });
    expect(answer.text).toMatch(/^21 hosts: 20 answered, 1 failed, 1 outcome\n/);
    expect(Buffer.byteLength(answer.text)).toBeLessThan(1_024);
  });

  it('are one stream in the order of time with merge, the newest lines of all', async () => {
    const lines = await linesOf('node01,node02,modern', 'journal:nginx.service', { merge: true, limit: 5 });
    expect(lines.map((line) => line.slice(0, 36))).toEqual([
      'node01 2026-11-21T14:01:00Z nginx[81',
      'node02 2026-11-21T14:01:00Z nginx[81',
      'modern 2026-11-21T14:02:00Z nginx[81',
      'node01 2026-11-21T14:02:00Z nginx[81',
      'node02 2026-11-21T14:02:00Z nginx[81',
    ]);
  });

  it('whose clock is wrong are named in the stream', async () => {
    const { standIns } = machine(1);
    writeFileSync(join(machine(1).log, 'app.log'), '2026-11-21T14:00:30Z skewed\n');
    writeFileSync(join(machine(0).log, 'app.log'), '2026-11-21T14:00:31Z right\n');
    standIns.install('date', 'exec /bin/date -d "+90 seconds" "$@"');
    try {
      const answer = await logs('syslog,modern', 'file:/var/log/app.log', { merge: true });
      expect(answer.text).toMatch(/syslog: its clock is 1(\.5)? ?m.* ahead/);
      expect(resultOf('scout_logs', answer).log).toBe(
        'syslog 2026-11-21T14:00:30Z skewed\nmodern 2026-11-21T14:00:31Z right\n',
      );
    } finally {
      rmSync(join(standIns.directory, 'date'));
    }
  });
});

it('what takes too long says how to look through less, and older files that cannot be read cost only themselves', async () => {
  const { sshd, standIns, log } = machine(0);
  const hasty = makeScout(sshd.writeConfig('modern'), {
    SCOUT_COMMAND_TIMEOUT: '1500ms',
    SCOUT_DENY_PATHS: '/var/log/app.log.3',
  });
  const call = async (more: object) => await hasty.call('scout_logs', { hosts: 'modern', ...more });
  writeFileSync(join(log, 'app.log'), 'new\n');
  writeFileSync(join(log, 'app.log.2'), 'older\n');
  writeFileSync(join(log, 'app.log.3'), 'denied\n');
  const answer = await call({ source: 'file:/var/log/app.log' });
  expect(resultOf('scout_logs', answer)).toMatchObject({
    log: 'older\nnew\n',
    note: 'app.log.3 and older could not be read',
  });
  standIns.install('journalctl', 'sleep 20');
  try {
    expect((await call({ source: 'system', pattern: 'x' })).text).toMatch(
      /^command_timeout: .*\nFix: Give since/,
    );
    expect((await call({ source: 'system', since: '1d' })).text).toMatch(
      /^command_timeout: .*\nFix: Ask for less, or raise SCOUT_COMMAND_TIMEOUT\.$/,
    );
  } finally {
    standIns.install('journalctl', journalctl);
    await hasty.close();
  }
});

it('secrets in a log are redacted, and counted', async () => {
  writeFileSync(join(machine(0).log, 'ci.log'), `pushed with ghp_${'a1B2'.repeat(9)}\n`);
  const answer = await logs('modern', 'file:/var/log/ci.log');
  expect(resultOf('scout_logs', answer).log).toMatch(/^pushed with \[redacted:[\w-]+\]\n$/);
  expect(answer.structured.redacted).toBe(1);
});

it.each([
  ['file:/var/log/bound.log', 700],
  ['docker:shop-web-1', 150],
  ['compose:shop', 200],
  ['system', 7_500],
])('%s gives no more than SCOUT_MAX_FILE_SIZE, and says what cut it', async (source, bytes) => {
  writeFileSync(join(machine(0).log, 'bound.log'), 'line\n'.repeat(1_000));
  const small = makeScout(machine(0).sshd.writeConfig('modern'), { SCOUT_MAX_FILE_SIZE: String(bytes) });
  const answer = await small.call('scout_logs', { hosts: 'modern', source, limit: 1_000 });
  await small.close();
  const { log, lines, note } = resultOf('scout_logs', answer);
  expect(lines).toBeGreaterThan(0);
  expect(log.length).toBeLessThanOrEqual(bytes);
  expect(note).toContain('older lines left out: too many bytes (SCOUT_MAX_FILE_SIZE)');
});

it.each([
  ['file:/var/log/wide.log', 900, /^x{800,} end\n$/],
  ['docker:shop-web-1', 20, /^… .*one\n$/],
  ['compose:shop', 40, /^… web \| .*one$/m],
  ['system', 4_000, /^… \{.*"/],
])('%s shows a line that is longer than may be read as far as it came', async (source, bytes, expected) => {
  writeFileSync(join(machine(0).log, 'wide.log'), `short\n${'x'.repeat(5_000)} end\n`);
  const small = makeScout(machine(0).sshd.writeConfig('modern'), { SCOUT_MAX_FILE_SIZE: String(bytes) });
  const answer = await small.call('scout_logs', { hosts: 'modern', source });
  await small.close();
  const { log, note } = resultOf('scout_logs', answer);
  expect(log).toMatch(expected);
  expect(note).toMatch(/a line that is longer is shown in part/);
});

it('a log that is no UTF-8 is whole where its own bytes are not too many', async () => {
  writeFileSync(join(machine(0).log, 'old.log'), `first\n${'\xe9\xe8\xea\n'.repeat(100)}`, 'latin1');
  const small = makeScout(machine(0).sshd.writeConfig('modern'), { SCOUT_MAX_FILE_SIZE: '600' });
  const answer = await small.call('scout_logs', {
    hosts: 'modern',
    source: 'file:/var/log/old.log',
    limit: 200,
  });
  await small.close();
  const { log, lines, note } = resultOf('scout_logs', answer);
  expect(lines).toBe(101);
  expect(log).toMatch(/^first\n/);
  expect(note).toBeUndefined();
});

it('what does not fit keeps the newest, and the rest can be read on', async () => {
  writeFileSync(
    join(machine(0).log, 'long.log'),
    Array.from({ length: 10_000 }, (_, at) => `line ${at} ${'x'.repeat(100)}\n`).join(''),
  );
  const answer = await logs('modern', 'file:/var/log/long.log', { limit: 10_000 });
  const result: Result = resultOf('scout_logs', answer);
  expect(result.note).toBe('older lines left out: too many bytes');
  expect(result.log_tail).toMatch(/\nline 9999 x+\n$/);
  expect(answer.text).toMatch(/read on with the target "result:\w+"\]\n<<<\w+ log, its end\n/);
  expect(answer.text).not.toMatch(/<<<\w+ log\n>>>/);
  const rest = await scout.call('scout_read', { targets: [result.log_rest], limit: 1 });
  expect(rest.text).toMatch(/\nline [45]\d{3} x+\n/);
});

it.each([
  [{ source: 'nginx' }, 'invalid_argument', 'there is no such source'],
  [{ source: 'journal:a b' }, 'invalid_argument', 'no unit is called so'],
  [{ source: 'docker:-f' }, 'invalid_argument', 'no container is called so'],
  [{ source: 'compose:A' }, 'invalid_argument', 'no compose project'],
  [
    { source: 'file:../x' },
    'invalid_argument',
    'source "file:../x": it has a `..` segment Write system, journal:',
  ],
  [{ source: 'file:/etc/shadow' }, 'path_denied', 'SCOUT_DENY_PATHS'],
  [{ source: 'file:/proc/kmsg' }, 'invalid_argument', 'not opened'],
  [
    { source: 'file:/var/log/syslog.4.xz' },
    'unsupported_file',
    '/var/log/syslog.4.xz is compressed by name, and only .gz is unpacked',
  ],
  [{ source: 'file:/var/log/dpkg.log.zst' }, 'unsupported_file', 'plain or ends in .gz'],
  [{ source: 'system', pattern: '\\d+' }, 'invalid_argument', '[0-9]'],
  [{ source: 'system', since: 'noon' }, 'invalid_argument', 'since'],
  [{ source: 'system', priority: 'loud' }, 'invalid_argument', 'priority'],
  [{ source: 'docker:x', priority: 'err' }, 'invalid_argument', 'source docker carry none'],
])('%j is refused before a machine is asked: %s', async (args, code, message) => {
  const answer = await scout.call('scout_logs', { hosts: 'dead', ...args });
  expect(answer.error).toMatchObject({ code });
  expect(`${answer.error?.message} ${answer.error?.fix}`).toContain(message);
});
