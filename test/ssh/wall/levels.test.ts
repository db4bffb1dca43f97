import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { defaultDenyPaths, parseDenyPaths } from '../../../src/deny-paths.ts';
import { HostSession } from '../../../src/ssh/pool/host-session.ts';
import { BuilderWatch } from '../../../src/ssh/shell/builder-watch.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { walledKind } from '../../../src/ssh/wall/doors.ts';
import { wallMasks } from '../../../src/ssh/wall/masks.ts';
import { wallPlan } from '../../../src/ssh/wall/plan.ts';
import { readReport } from '../../../src/ssh/wall/report.ts';
import { createWall } from '../../../src/ssh/wall/wall.ts';
import { allProcesses, commandLine, killNow } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';
import { Collect } from '../shell/collect.ts';
import { localConnection, shellsNamedSh } from '../shell/local-connection.ts';
import { landlockCalls, type PoorHost, poorHost, seccompCalls } from './poor-hosts.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-levels-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const shells = shellsNamedSh(directory);
const { signal } = new AbortController();

const perl = '/usr/bin/perl';
const python = existsSync('/usr/bin/python3') ? [realpathSync('/usr/bin/python3')] : [];
const interpreters = [perl, ...python];
const tools = [...interpreters, '/usr/bin/setpriv'];

const hosts: [string, PoorHost, { level: string; strict?: boolean; raise?: RegExp }][] = [
  ['with everything', {}, { level: 'full', strict: false }],
  ['with everything', { user: 'nobody' }, { level: 'full', strict: false }],
  ['without perl', { without: [perl] }, { level: 'full', strict: false }],
  ['whose perl does nothing', { broken: [perl], user: 'nobody' }, { level: 'full', strict: false }],
  ['whose kernel has no Landlock', { unknown: landlockCalls }, { level: 'full', strict: true }],
  [
    'whose kernel has no Landlock',
    { unknown: landlockCalls, user: 'nobody' },
    { level: 'full', strict: true },
  ],
  [
    'whose kernel has no Landlock, without perl',
    { unknown: landlockCalls, without: [perl], user: 'nobody' },
    { level: 'full', strict: true },
  ],
  ['whose kernel has no seccomp', { unknown: seccompCalls }, { level: 'files', raise: /SECCOMP/ }],
  [
    'whose kernel has no seccomp',
    { unknown: seccompCalls, user: 'nobody' },
    { level: 'files', raise: /SECCOMP/ },
  ],
  [
    'whose kernel has neither',
    { unknown: [...seccompCalls, ...landlockCalls], user: 'nobody' },
    { level: 'none', raise: /Landlock/ },
  ],
  ['without perl and python', { without: interpreters }, { level: 'files', raise: /Install perl/ }],
  [
    'without perl and python',
    { without: interpreters, user: 'nobody' },
    { level: 'files', raise: /Install perl/ },
  ],
  ['without any builder', { without: tools }, { level: 'none', raise: /Install perl/ }],
  ['without any builder', { without: tools, user: 'nobody' }, { level: 'none', raise: /Install perl/ }],
  [
    'that only has BusyBox',
    { without: tools, user: 'nobody', sh: shells.BusyBox },
    { level: 'none', raise: /Install perl/ },
  ],
  ['with BusyBox and nothing else', { isBusyBox: true }, { level: 'none', raise: /Install perl/ }],
  [
    'with BusyBox and nothing else',
    { isBusyBox: true, user: 'nobody' },
    { level: 'none', raise: /Install perl/ },
  ],
  ['that is a container', { isContainer: true }, { level: 'full', strict: false }],
  ['that is a container', { isContainer: true, user: 'nobody' }, { level: 'full', strict: false }],
  [
    'that is a container without perl',
    { isContainer: true, user: 'nobody', without: [perl] },
    { level: 'full', strict: false },
  ],
  [
    'that is a container without perl and python',
    { isContainer: true, without: interpreters },
    { level: 'none', raise: /Install perl/ },
  ],
  ['with other system calls', { uname: 'Darwin x86_64' }, { level: 'none', raise: /another machine/ }],
  [
    'with other system calls and Python',
    { uname: 'Linux armv7l', without: [perl], user: 'nobody' },
    { level: 'none', raise: /another machine/ },
  ],
  [
    'without unshare',
    { without: [...interpreters, '/usr/bin/unshare'] },
    { level: 'none', raise: /Install perl/ },
  ],
  ['whose shell is mksh', { sh: shells.mksh, user: 'nobody' }, { level: 'full' }],
  ['whose shell is bash', { sh: shells.bash, user: 'nobody' }, { level: 'full' }],
  ['whose shell is BusyBox', { sh: shells.BusyBox }, { level: 'full' }],
];

describe('the level', () => {
  test.each([
    // of the quicker one more rounds, for it meets with less that vanishes
    ['perl', {}, 40],
    ['python', { without: [perl] }, 12],
  ] as const)('is full where denied paths vanish while %s builds', async (_, host, rounds) => {
    const home = mkdtempSync(join(directory, 'vanishing-'));
    // all of them come, then all of them go, over and over
    const flap =
      'while (1) { for my $act (1, 0) { for (100 .. 160) { $act ? mkdir "$ARGV[0]/$_" : rmdir "$ARGV[0]/$_" } } }';
    const flapping = spawn(perl, ['-e', flap, home], { stdio: 'ignore' });
    const wall = createWall({ kind: walledKind, masks: [`${home}/*`] });
    const levels: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const worker = await startWorker(poorHost(directory, host), {
        signal,
        nice: false,
        denied: defaultDenyPaths(),
        wall,
      });
      levels.push(worker.wall.level);
      worker.close();
      await worker.gone;
    }
    flapping.kill('SIGKILL');
    await once(flapping, 'close');
    expect(levels).toEqual(levels.map(() => 'full'));
  });

  test.each([
    ['perl', {}],
    ['python', { without: [perl] }],
  ] as const)('is less where %s cannot hide a denied path', async (_, host) => {
    const home = mkdtempSync(join(directory, 'unhidden-'));
    const holder = spawn('sleep', ['60'], { stdio: ['pipe', 'ignore', 'ignore'] });
    symlinkSync(`/proc/${holder.pid}/fd/0`, join(home, 'to-a-socket')); // which is in no tree that can be mounted on
    const wall = createWall({ kind: walledKind, masks: [`${home}/*`] });
    const worker = await startWorker(poorHost(directory, host), {
      signal,
      nice: false,
      denied: defaultDenyPaths(),
      wall,
    });
    expect(worker.wall.level).toBe('files');
    worker.close();
    await worker.gone;
    holder.kill();
  });

  test.each(hosts)(
    'of a host %s is told truly, and commands work (%j)',
    async (_, host, { level, raise, strict }) => {
      const worker = await startWorker(poorHost(directory, host), {
        signal,
        nice: true,
        denied: defaultDenyPaths(),
        wall: createWall(),
      });
      expect(worker.wall).toMatchObject({ level, ...(strict !== undefined && { strict }) });
      if (raise) expect(worker.wall.raise).toMatch(raise);
      else expect(worker.wall.why).toBeUndefined();
      const output = async (command: string) => {
        const sink = new Collect();
        expect(await worker.run({ command, cwd: '/tmp', sink, signal })).toEqual({ exitCode: 0 });
        return sink.out;
      };
      const everyday = `ls / 2>/dev/null | grep -c etc; cat /etc/hostname >/dev/null && echo '2>/dev/null'`;
      expect(await output(everyday)).toBe('1\n2>/dev/null\n');
      expect(await output("cut -d' ' -f19 /proc/self/stat")).toBe('10\n');
      expect(await output('ionice || echo idle')).toBe('idle\n'); // where there is none
      // what is said to be refused is, and what is not said may be done
      const made = `/tmp/scout-levels-${Math.random()}`;
      const attempt = await worker.run({ command: `echo x >${made}`, cwd: '/', sink: new Collect(), signal });
      expect('exitCode' in attempt && attempt.exitCode === 0).toBe(level === 'none');
      rmSync(made, { force: true });
      worker.close();
      await worker.gone;
    },
  );

  // a shell reads byte by byte, and a list of its arguments is in everybody's `ps`
  test.each([
    ['handed on by the builder', 10, true],
    ['too long for that, and read', 9_000, false],
  ] as const)('is built before the lines of the worker, which are %s', async (_, names, isHanded) => {
    const patterns = Array.from({ length: names }, (__, index) => `/denied/é${index}`);
    const worker = await startWorker(poorHost(directory, { without: python, user: 'nobody' }), {
      signal,
      nice: true,
      denied: parseDenyPaths(patterns) ?? defaultDenyPaths(),
      wall: createWall(),
    });
    expect(worker.wall.level).toBe('full');
    const output = async (command: string) => {
      const sink = new Collect();
      await worker.run({ command, cwd: '/', sink, signal });
      return sink.out;
    };
    const last = patterns.at(-1);
    expect(await output(`scout_denied ${last} && ! scout_denied /denied/other && echo denied`)).toBe(
      'denied\n',
    );
    expect(await output('env | grep -c scout')).toBe('0\n');
    expect(await output("tr '\\0' '\\n' </proc/$$/environ | grep -c scout_denied")).toBe(
      isHanded ? '1\n' : '0\n',
    );
    expect(await output('wc -c </proc/$$/cmdline')).toMatch(/^\d{1,3}\n$/);
    worker.close();
    await worker.gone;
  });

  test.each(['root', 'nobody'] as const)(
    'for any command line is full in a container as well, without a scratch (%s)',
    async (user) => {
      const worker = await startWorker(poorHost(directory, { isContainer: true, user }), {
        signal,
        nice: true,
        denied: defaultDenyPaths(),
        wall: createWall({ kind: 'walled', masks: wallMasks(defaultDenyPaths()) }),
      });
      expect(worker.wall).toEqual({ level: 'full', strict: false, hasScratch: false });
      const sink = new Collect();
      const command =
        'echo $TMPDIR; cat /etc/shadow || echo x >/tmp/scout-levels-walled || perl -e "print 1"';
      await worker.run({ command, cwd: '/', sink, signal });
      expect(sink.out).toBe('/dev/null\n1');
      worker.close();
      await worker.gone;
    },
  );

  test('of a report with other words counts the known ones only', () => {
    expect(readReport('perl seccomp F M P N', '').level).toBe('full');
    expect(readReport('perl seccomp full F M N evil\x1b[2J', '')).toMatchObject({ level: 'files' });
    expect(readReport('', '').level).toBe('none');
    expect(readReport('perl seccomp F M P N', 'sockets').level).toBe('files');
  });
});

describe('SCOUT_KERNEL_WALL', () => {
  const sessionOn = (host: PoorHost, settings: Readonly<Record<string, string>>) => {
    const config = loadConfig(settings);
    return new HostSession(poorHost(directory, host), 'web1', {
      maxChannels: 8,
      nice: config.nice,
      denied: config.denyPaths,
      wall: wallPlan(config),
    });
  };
  const run = async (session: HostSession, programs: readonly string[] = []) => {
    let level = '';
    const onWall = (wall: { level: string }) => {
      level = wall.level;
    };
    await session.run({ command: ':', cwd: '', programs, onWall, sink: new Collect(), signal });
    return level;
  };

  test('=require refuses a host without one, and says what to install there', async () => {
    const session = sessionOn({ without: tools, user: 'nobody' }, { SCOUT_KERNEL_WALL: 'require' });
    await expect(run(session)).rejects.toMatchObject({
      code: 'wall_missing',
      message: expect.stringContaining('web1'),
      fix: expect.stringContaining('Install perl'),
    });
    const request = { path: '/etc/hostname', firstLine: 1, lines: undefined, maxBytes: 100, depth: 1 };
    await expect(session.read(request, signal)).rejects.toMatchObject({ code: 'wall_missing' });
  });

  test('=require refuses one that has BusyBox alone, too, and =auto runs commands there', async () => {
    const host: PoorHost = { isBusyBox: true, user: 'nobody' };
    await expect(run(sessionOn(host, { SCOUT_KERNEL_WALL: 'require' }))).rejects.toMatchObject({
      code: 'wall_missing',
      fix: expect.stringContaining('Install perl'),
    });
    expect(await run(sessionOn(host, {}))).toBe('none');
  });

  test('=require is content with files', async () => {
    const session = sessionOn({ without: interpreters, user: 'nobody' }, { SCOUT_KERNEL_WALL: 'require' });
    expect(await run(session)).toBe('files');
  });

  test('=auto reads files and directories where /dev/null cannot be opened for writing', async () => {
    const session = sessionOn({ user: 'nobody', unknown: landlockCalls }, {});
    const request = { firstLine: 1, lines: undefined, maxBytes: 10_000, depth: 1 };
    expect(await session.read({ ...request, path: '/etc/hostname' }, signal)).toMatchObject({ what: 'file' });
    expect(await session.read({ ...request, path: '/etc/apt' }, signal)).toMatchObject({ what: 'directory' });
    await expect(session.read({ ...request, path: '/nowhere' }, signal)).rejects.toMatchObject({
      code: 'path_not_found',
    });
    expect(session.wall).toMatchObject({ level: 'full', strict: true });
  });

  test('=off builds none, whoever asks', async () => {
    const session = sessionOn({}, { SCOUT_KERNEL_WALL: 'off' });
    expect(await run(session)).toBe('none');
    expect(await run(session, ['docker'])).toBe('none');
    expect(session.wall).toMatchObject({ level: 'none', why: expect.stringContaining('off') });
    const sink = new Collect();
    await session.run({ command: 'nice; ionice', cwd: '', programs: [], sink, signal });
    expect(sink.out).toBe('10\nidle\n');
  });

  test('=auto gives each program the doors that it needs, and each worker one wall', async () => {
    const session = sessionOn({ user: 'nobody' }, {});
    expect(await run(session)).toBe('full');
    expect(await run(session, ['docker', 'grep'])).toBe('files');
    expect(await run(session, ['ss', 'grep'])).toBe('full');
    expect(await run(session, ['cat'])).toBe('full');
  });
});

describe('where the server starts programs in its own process group, and the host has no setsid', () => {
  const wrapper = [
    ...['unshare', '-m', 'sh', '-c', 'mount --bind /dev/null /usr/bin/setsid && exec "$@"', 'sh'],
    // stands for the server, whose own programs are not to be killed
    ...['sh', '-c', 'exec 3<&0; "$@" <&3 & exec 2>/dev/null; wait', 'sh'],
  ];

  test.each([
    ['full', ['caps', 'landlock', 'mounts', 'seccomp']],
    ['files', ['caps', 'mounts', 'seccomp']],
  ] as const)('the wall is %s, and a kill ends what runs', async (level, parts) => {
    const connection = localConnection({ loginShell: '/bin/sh', wrapper });
    const wall = createWall({ parts });
    const worker = await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths(), wall });
    expect(worker.wall.level).toBe(level);
    if (level === 'files') expect(worker.wall.raise).toContain('setsid');
    const mark = `98${Math.floor(Math.random() * 1_000_000)}`;
    const running = () => allProcesses().filter(({ pid }) => commandLine(pid) === `sleep ${mark}`).length;
    const controller = new AbortController();
    const run = worker.run({
      command: `sleep ${mark} | sleep ${mark}`,
      cwd: '/',
      sink: new Collect(),
      signal: controller.signal,
    });
    const refused = expect(run).rejects.toBeDefined();
    await until(() => running() === 2);
    controller.abort(new Error('enough'));
    await refused;
    await until(() => running() === 0, 1_000);
    for (const pid of connection.pids) killNow(pid);
  });
});

test('a builder that hangs is given up', () => {
  vi.useFakeTimers();
  try {
    const onHang = vi.fn();
    const watch = new BuilderWatch(onHang);
    watch.stdout(Buffer.from('motd\nscout-wall'));
    watch.stdout(Buffer.from('-by:python3   '));
    expect(watch.builder).toBe('python3');
    vi.advanceTimersByTime(8_000);
    expect(onHang).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_000);
    expect(onHang).toHaveBeenCalledOnce();
    watch.end();
  } finally {
    vi.useRealTimers();
  }
});
