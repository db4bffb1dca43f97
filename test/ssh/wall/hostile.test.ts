import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import type { Connection } from '../../../src/ssh/engine.ts';
import type { ShellWorker } from '../../../src/ssh/shell/shell-worker.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { createWall, type WallOptions, wallParts } from '../../../src/ssh/wall/wall.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { poolOf } from '../pool/pool.ts';
import { Collect } from '../shell/collect.ts';
import { hostileLines } from './one-liners.ts';
import { mountsHere, type Scene, setScene } from './scene.ts';

const { signal } = new AbortController();
let sshd: Sshd;
let user: TestUser;
let ends: (() => Promise<unknown>)[];

beforeAll(async () => {
  [sshd, user] = await Promise.all([startSshd(), makeUser({ shell: 'sh' })]);
  ends = [() => sshd.stop(), () => user.remove()];
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** The connection of a login, until the tests are over. */
async function connect(name: string | undefined): Promise<Connection> {
  const { pool, call } = poolOf(
    sshd.writeConfig(sshd.configFor('web1', name === undefined ? {} : { User: name })),
    { SCOUT_IDLE_TIMEOUT: '1h' },
  );
  ends.push(() => pool.end(0));
  return await pool.use('web1', call, async ({ connection }) => connection);
}

async function worker(connection: Connection, options: WallOptions = {}): Promise<ShellWorker> {
  return await startWorker(connection, {
    signal,
    nice: false,
    denied: defaultDenyPaths(),
    wall: createWall(options),
  });
}

async function run(one: ShellWorker, command: string, cwd = '/') {
  const sink = new Collect();
  const end = await one.run({ command, cwd, sink, signal });
  return { ...sink, end, out: sink.out, err: sink.err };
}

/** A process that was killed is a change as well. */
function unlessGone(scene: Scene): string {
  try {
    return scene.snapshot();
  } catch {
    return 'gone';
  }
}

/** The acts of hostile.c that were done. */
async function done(
  one: ShellWorker,
  { hostile, directory, victim, unixSocket, port }: Scene,
): Promise<string[]> {
  const { out, err } = await run(one, `${hostile} ${directory} ${victim} ${unixSocket} ${port}`);
  const lines = out.trimEnd().split('\n');
  expect(lines.length, err).toBeGreaterThan(100);
  return lines.filter((line) => line.endsWith(' 0')).map((line) => line.slice(0, -2));
}

describe.each(['root', 'an ordinary user'])('as %s', (who) => {
  let scene: Scene;
  let connection: Connection;
  const account = () => (who === 'root' ? { uid: 0, gid: 0 } : { uid: user.uid, gid: user.gid });
  beforeAll(async () => {
    connection = await connect(who === 'root' ? undefined : user.name);
    scene = await setScene(account());
  });
  afterAll(async () => {
    await scene.end();
  });

  /** What nothing holds is done: a second scene shows that the acts are real. */
  test('without a wall the acts are done', async () => {
    const other = await setScene(account());
    try {
      const bare = await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() });
      const acts = await done(bare, other);
      expect(acts.length).toBeGreaterThan(who === 'root' ? 95 : 65);
      bare.close();
    } finally {
      await other.end();
    }
  });

  const walls: [string, WallOptions][] = [
    ['the whole wall', {}],
    ['the wall of a kernel without Landlock', { parts: ['caps', 'mounts', 'seccomp'] }],
    ['the wall around programs that look at processes', { kind: 'processes' }],
  ];
  test.each(walls)('behind %s a compiled program changes nothing', async (_, options) => {
    const before = scene.snapshot();
    const held = await worker(connection, options);
    expect(held.wall.level).toBe('full');
    expect(await done(held, scene)).toEqual([]);
    expect(scene.snapshot()).toBe(before);
    expect(scene.visits()).toBe(0);
    held.close();
  });

  test.each<[string, string[]]>([
    ['sockets', ['unix-connect', 'unix-abstract']],
    ['zfs', []],
    ['table', []],
    ['processes+sockets', ['unix-connect', 'unix-bind', 'unix-abstract']],
  ])('the door %s opens nothing else', async (kind, opened) => {
    const other = await setScene(account());
    try {
      const held = await worker(connection, { kind });
      // a name for a socket is a file: root's mounts refuse it where Landlock is left out
      const expected = opened.filter((act) => who !== 'root' || act !== 'unix-bind');
      expect(await done(held, other)).toEqual(expected);
      held.close();
    } finally {
      await other.end();
    }
  });

  test('behind the whole wall no command line changes anything', async () => {
    const before = scene.snapshot();
    const held = await worker(connection);
    const setup = `V=${scene.victim} PORT=${scene.port}; export V PORT`;
    for (const line of hostileLines) await run(held, `${setup}\n${line}`, scene.directory);
    expect(scene.snapshot()).toBe(before);
    expect(scene.visits()).toBe(0);
    held.close();
  });

  test.each([
    ['Landlock', 'zfs', 'landlock', who === 'root' ? 'open-readwrite' : 'open-create'],
    ['seccomp', '', 'seccomp', who === 'root' ? 'tcp-listen' : 'chmod'],
  ] as const)('without %s something is done that is refused with it', async (_, kind, part, act) => {
    const other = await setScene(account());
    try {
      const parts = wallParts.filter((name) => name !== part && (kind === '' || name !== 'mounts'));
      const less = await worker(connection, { kind, parts });
      expect(await done(less, other)).toContain(act);
      less.close();
    } finally {
      await other.end();
    }
  });
});

test('without a wall those command lines do change something', async () => {
  const connection = await connect(user.name); // as root some would leave their traces on the machine
  const bare = await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() });
  const idle: string[] = [];
  for (const line of hostileLines) {
    const other = await setScene({ uid: user.uid, gid: user.gid });
    const before = other.snapshot();
    const setup = `V=${other.victim} PORT=${other.port}; export V PORT`;
    await run(bare, `${setup}\n${line}`, other.directory);
    await new Promise((resolve) => setImmediate(resolve));
    if (other.visits() === 0 && unlessGone(other) === before) idle.push(line);
    await other.end();
  }
  expect(idle.length, idle.join('\n')).toBeLessThan(hostileLines.length / 4);
  bare.close();
});

describe('of root', () => {
  test('the capabilities are held back: without that part an interface can be changed', async () => {
    const connection = await connect(undefined);
    const command = 'ip link set lo mtu "$(cat /sys/class/net/lo/mtu)"';
    const [held, less] = await Promise.all([
      worker(connection),
      worker(connection, { parts: ['landlock', 'mounts', 'seccomp'] }),
    ]);
    expect((await run(held, command)).end).not.toEqual({ exitCode: 0 });
    expect((await run(less, command)).end).toEqual({ exitCode: 0 });
  });

  test('denied paths are hidden by mounts, whatever leads there', async () => {
    const connection = await connect(undefined);
    const masks = ['/etc/shadow', '/etc/ssl/priv*', '!/etc/ssl/privileged'];
    const [held, less] = await Promise.all([
      worker(connection, { masks }),
      worker(connection, { masks, parts: ['caps', 'landlock', 'seccomp'] }),
    ]);
    const command = 'wc -c </etc/shadow; wc -c </proc/self/root/etc/shadow; ls /etc/ssl/private | wc -l';
    expect((await run(held, command)).out).toBe('0\n0\n0\n');
    expect((await run(less, command)).out).not.toMatch(/^0/);
  });

  test('no mount of the machine is changed by it', async () => {
    const before = mountsHere();
    await worker(await connect(undefined), { masks: ['/etc/shadow'] });
    expect(mountsHere()).toBe(before);
  });
});
