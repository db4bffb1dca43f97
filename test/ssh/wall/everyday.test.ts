import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import type { Connection } from '../../../src/ssh/engine.ts';
import type { ShellWorker } from '../../../src/ssh/shell/shell-worker.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { doorsFor } from '../../../src/ssh/wall/doors.ts';
import { createWall, wallParts } from '../../../src/ssh/wall/wall.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { plantCanaries } from '../../policy/fuzz/canary-tree.ts';
import { poolOf } from '../pool/pool.ts';
import { Collect } from '../shell/collect.ts';
import { everyday, everydayOnFiles } from './everyday.ts';

const { signal } = new AbortController();
let sshd: Sshd;
let user: TestUser;
let files: string;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  [sshd, user] = await Promise.all([startSshd(), makeUser({ shell: 'bash' })]);
  files = join(user.home, 'files');
  mkdirSync(files);
  plantCanaries(files, user);
});
afterAll(async () => {
  for (const end of ends) await end();
  await Promise.all([sshd.stop(), user.remove()]);
});

async function connect(name: string | undefined): Promise<Connection> {
  const { pool, call } = poolOf(
    sshd.writeConfig(sshd.configFor('web1', name === undefined ? {} : { User: name })),
    { SCOUT_IDLE_TIMEOUT: '1h' },
  );
  ends.push(() => pool.end(0));
  return await pool.use('web1', call, async ({ connection }) => connection);
}

async function output(worker: ShellWorker, command: string, cwd = '/'): Promise<string> {
  const sink = new Collect();
  const end = await worker.run({ command, cwd, sink, signal });
  return JSON.stringify({ end, out: sink.out, err: sink.err }, null, 1);
}

describe.each(['root', 'an ordinary user'])('as %s', (who) => {
  let connection: Connection;
  const workers = new Map<string, ShellWorker>();
  beforeAll(async () => {
    connection = await connect(who === 'root' ? undefined : user.name);
    const withoutLandlock = wallParts.filter((part) => part !== 'landlock');
    workers.set('bare', await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() }));
    workers.set('strict', await start(createWall({ parts: withoutLandlock })));
    for (const kind of ['', 'processes', 'sockets', 'table', 'walled'])
      workers.set(kind, await start(createWall({ kind })));
  });
  const start = (wall: ReturnType<typeof createWall>) =>
    startWorker(connection, { signal, nice: false, denied: defaultDenyPaths(), wall });

  /** Other tests may change what is looked at between the looks: what differs is looked at again. */
  const differenceOf = async (names: readonly string[], command: string, cwd = '/'): Promise<string[]> => {
    let differing: string[] = [];
    for (let look = 0; look < 16; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20 * look));
      const expected = await output(workers.get('bare') as ShellWorker, command, cwd); // set above
      differing = [];
      for (const name of names) {
        const found = await output(workers.get(name) as ShellWorker, command, cwd);
        if (found !== expected) differing.push(`${command} (${name}): ${expected} became ${found}`);
      }
      if (differing.length === 0) break;
    }
    return differing;
  };

  test('everyday commands give the same inside and outside of the wall', async () => {
    const differing: string[] = [];
    for (const entry of everyday) {
      const [command, ...programs] = typeof entry === 'string' ? [entry] : entry;
      const kind = doorsFor(programs);
      // what has no door of its own runs on kernels without Landlock, too
      differing.push(...(await differenceOf(kind === '' ? ['', 'strict'] : [kind], command)));
    }
    for (const command of everydayOnFiles) differing.push(...(await differenceOf([''], command, files)));
    expect(differing).toEqual([]);
    expect(everyday.length + everydayOnFiles.length).toBeGreaterThanOrEqual(150);
  });

  test('a warm command costs next to nothing more, and a worker one round trip as before', async () => {
    const [bare, held] = [workers.get('bare') as ShellWorker, workers.get('') as ShellWorker];
    const time = async (worker: ShellWorker, command: string) => {
      const startedMs = performance.now();
      await output(worker, command);
      return performance.now() - startedMs;
    };
    const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1] as number; // not empty
    /** Turn by turn, each first as often: what else the machine does makes both slower, and now and then one. */
    const ratio = async (command: string) => {
      const times = { without: [] as number[], inside: [] as number[] };
      for (let round = 0; round < 40; round += 1) {
        if (round % 2) times.without.push(await time(bare, command));
        times.inside.push(await time(held, command));
        if (round % 2 === 0) times.without.push(await time(bare, command));
      }
      return median(times.inside) / median(times.without);
    };
    for (const command of ['true', 'cat /etc/hostname', 'find /usr/share/doc -maxdepth 1']) {
      let found = await ratio(command);
      for (let again = 0; again < 20 && found > 1.15; again += 1)
        found = Math.min(found, await ratio(command));
      // docs/wall.md has what a quiet machine shows
      expect(found, command).toBeLessThan(1.15);
    }
    let writes = 0;
    const counting: Connection = {
      ...connection,
      roundTripMs: 0,
      isOpen: true,
      engine: connection.engine,
      gone: connection.gone,
      sftp: () => connection.sftp(),
      forward: () => Promise.reject(new Error('not here')),
      end: () => {},
      async exec(command) {
        const channel = await connection.exec(command);
        const write = channel.stdin.write.bind(channel.stdin);
        channel.stdin.write = ((chunk: string) => {
          writes += 1;
          return write(chunk);
        }) as typeof channel.stdin.write; // only used with text
        return channel;
      },
    };
    const worker = await startWorker(counting, {
      signal,
      nice: true,
      denied: defaultDenyPaths(),
      wall: createWall(),
    });
    expect(writes).toBe(1);
    worker.close();
  });

  test('nothing can leave the worker: a kill ends what calls setsid, nohup and timeout', async () => {
    const wall = createWall();
    const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths(), wall });
    const mark = `987${Math.floor(Math.random() * 100_000)}`;
    const controller = new AbortController();
    const command = `setsid sleep ${mark} & nohup sleep ${mark} & timeout 1000 sleep ${mark} & perl -e 'setpgrp; exec "sleep", "${mark}"' & wait`;
    const running = worker.run({ command, cwd: '/', sink: new Collect(), signal: controller.signal });
    const refused = expect(running).rejects.toBeDefined();
    const bare = workers.get('bare') as ShellWorker; // set above
    const count = async () => await output(bare, `ps -e -o args= | grep -c "^sleep ${mark}"`);
    await until(async () => /"[34]\\n"/.test(await count()));
    controller.abort(new Error('enough'));
    await refused;
    await until(async () => (await count()).includes('"0\\n"'), 2_000);
  });
});
