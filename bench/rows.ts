import type { Contender, Place, Started } from './contender.ts';
import { inTime, interleave, type Job, type Taken, timed } from './measure.ts';
import type { files, Range } from './place.ts';
import { cpuMsOf, residentBytes } from './process-cost.ts';

export type Unit = 'ms' | 'MiB' | 's';

/** A line of the table: the same work of every contender that can do it. */
export interface Row {
  readonly name: string;
  readonly group: string;
  readonly unit: Unit;
  /** A share of the runs asked for, for what takes long. */
  readonly share: number;
  measure(contenders: readonly Contender[], range: Range, runs: number): Promise<ReadonlyMap<string, Taken>>;
}

/** Of work that takes milliseconds where the host is near. */
const shortWarmUps = 100;
const shortAtATime = 10;

/** The wait before a server that has answered its first calls counts as idle. */
const settleMs = 300;

export const rows: readonly Row[] = [
  {
    name: 'start: spawn to `tools/list` answered',
    group: 'start',
    unit: 'ms',
    share: 1,
    async measure(contenders, range, runs) {
      const place = await range.at(0);
      const job = (contender: Contender) => async () => {
        const startedMs = performance.now();
        const started = await contender.start(place);
        await started.listTools?.();
        const tookMs = performance.now() - startedMs;
        await started.stop();
        return tookMs;
      };
      const servers = contenders.filter(({ isServer }) => isServer);
      return await interleave(new Map(servers.map((each) => [each.name, job(each)])), runs);
    },
  },
  cold('first call on a host, 0 ms', 0, (started, [host = '']) => started.run(host, 'true')),
  cold('first call on a host, 100 ms', 100, (started, [host = '']) => started.run(host, 'true')),
  ...[0, 20, 100].map((ms) =>
    warm(`\`stat\`, ${ms} ms`, 'warm', ms, (started) => run(started, 'stat /etc/passwd')),
  ),
  warm('`true`, 0 ms', 'warm', 0, (started) => run(started, 'true')),
  warm(
    'list 200 names, 0 ms',
    'files',
    0,
    ({ list }, { home }) => list && ((host) => list(host, `${home}/many`)),
  ),
  warm(
    'list 200 names, 100 ms',
    'files',
    100,
    ({ list }, { home }) => list && ((host) => list(host, `${home}/many`)),
  ),
  read('1k', 0),
  read('1k', 100),
  read('1m', 0),
  read('1m', 100),
  warm('10 MiB of output, 0 ms', 'output', 0, (started, { home }) => run(started, `cat ${home}/10m`), 0.5),
  warm(
    '10 MiB of output, 100 ms',
    'output',
    100,
    (started, { home }) => run(started, `cat ${home}/10m`),
    0.5,
  ),
  warm('50 calls at once, 0 ms', 'many', 0, (started) => async (host) => {
    await Promise.all(Array.from({ length: 50 }, () => started.run(host, 'true')));
  }),
  cold(
    '20 hosts from cold: wall time',
    0,
    (started, hosts) => broadcast(started, hosts.slice(0, 20)),
    'broadcast',
  ),
  cold(
    '20 hosts from cold: CPU',
    0,
    (started, hosts) => broadcast(started, hosts.slice(0, 20)),
    'broadcast',
    cpu,
  ),
  ...[0, 100].flatMap((ms) => [
    warm(
      `64 MiB up, ${ms} ms`,
      'transfer',
      ms,
      ({ upload }, { home }) => upload && ((host) => upload(host, 'up', `${home}/up`)),
      0.25,
    ),
    warm(
      `64 MiB down, ${ms} ms`,
      'transfer',
      ms,
      ({ download }, { home }) => download && ((host) => download(host, `${home}/64m`, 'down')),
      0.25,
    ),
  ]),
  memory('memory, no connection', 0),
  memory('memory, 100 connections', 100),
];

type Work = (host: string) => Promise<unknown>;

function run(started: Started, command: string): Work {
  return (host) => started.run(host, command);
}

function read(name: keyof typeof files, ms: number): Row {
  const size = { '1k': '1 KiB', '1m': '1 MiB', '10m': '10 MiB', '64m': '64 MiB' }[name];
  return warm(
    `read ${size}, ${ms} ms`,
    'files',
    ms,
    ({ read: one }, { home }) => one && ((host) => one(host, `${home}/${name}`)),
  );
}

async function broadcast(started: Started, hosts: readonly string[]): Promise<unknown> {
  if (started.broadcast) return await started.broadcast(hosts, 'true');
  return await Promise.all(hosts.map((host) => started.run(host, 'true')));
}

/** On a connection that has been used before. */
function warm(
  name: string,
  group: string,
  roundTripMs: number,
  work: (started: Started, place: Place) => Work | undefined,
  share = 1,
): Row {
  // what takes milliseconds is called often, by a program that is compiled by then, and in turns of several
  const isShort = roundTripMs === 0 && (group === 'warm' || group === 'files');
  const [warmUps, atATime] = isShort ? [shortWarmUps, shortAtATime] : [share < 1 ? 1 : 3, 1];
  return {
    name,
    group,
    unit: 'ms',
    share,
    async measure(contenders, range, runs) {
      const place = await range.at(roundTripMs);
      const [host = ''] = place.hosts;
      const jobs = new Map<string, Job>();
      const [all, failed] = await startAll(contenders, place);
      for (const [contender, started] of all) {
        const job = work(started, place);
        if (!job) continue;
        try {
          for (let time = 0; time < warmUps; time += 1) await inTime(job(host));
          jobs.set(contender, async () => {
            const tookMs = await timed(async () => {
              for (let time = 0; time < atATime; time += 1) await job(host);
            });
            return tookMs / atATime;
          });
        } catch (error) {
          failed.set(contender, error instanceof Error ? error : new Error(String(error)));
        }
      }
      await pause(settleMs);
      const taken = await interleave(jobs, runs);
      await Promise.all([...all.values()].map((started) => started.stop()));
      return new Map([...taken, ...failed]);
    },
  };
}

/** By a server that is there, on hosts it is not connected with. */
function cold(
  name: string,
  roundTripMs: number,
  work: (started: Started, hosts: readonly string[]) => Promise<unknown>,
  group = 'cold',
  cost: (started: Started, work: () => Promise<unknown>) => Promise<number> = (_, job) => timed(job),
): Row {
  return {
    name,
    group,
    unit: 'ms',
    share: group === 'broadcast' ? 0.5 : 1,
    async measure(contenders, range, runs) {
      const place = await range.at(roundTripMs);
      const job = (contender: Contender) => async () => {
        const started = await contender.start(place);
        try {
          await pause(settleMs); // a server may have something to do behind its start
          return await cost(started, () => work(started, place.hosts));
        } finally {
          await started.stop();
        }
      };
      // an open connection is what a master is for
      const able = contenders.filter(({ isWarmOnly }) => !isWarmOnly);
      return await interleave(new Map(able.map((contender) => [contender.name, job(contender)])), runs);
    },
  };
}

async function cpu(started: Started, work: () => Promise<unknown>): Promise<number> {
  const { pid, childCpuMs } = started;
  const spent = () => (pid ? cpuMsOf(pid) : 0) + (childCpuMs?.() ?? 0);
  if (!pid && !childCpuMs) throw new Error('works in the process of the bench');
  const before = spent();
  await work();
  return spent() - before;
}

/** Of the server's process, once it has been on so many hosts. */
function memory(name: string, connections: number): Row {
  return {
    name,
    group: 'memory',
    unit: 'MiB',
    share: 0.15,
    async measure(contenders, range, runs) {
      const place = await range.at(0);
      const job = (contender: Contender) => async () => {
        const started = await contender.start(place);
        try {
          const hosts = place.hosts.slice(0, connections);
          if (hosts.length > 0) await broadcast(started, hosts);
          await pause(settleMs);
          return residentBytes(started.pid ?? 0) / 1024 ** 2;
        } finally {
          await started.stop();
        }
      };
      const servers = contenders.filter(({ isServer }) => isServer);
      return await interleave(new Map(servers.map((each) => [each.name, job(each)])), runs);
    },
  };
}

async function startAll(contenders: readonly Contender[], place: Place) {
  const started = new Map<string, Started>();
  const failed = new Map<string, Error>();
  for (const contender of contenders) {
    if (contender.isColdOnly) continue;
    try {
      started.set(contender.name, await contender.start(place));
    } catch (error) {
      failed.set(contender.name, error instanceof Error ? error : new Error(String(error)));
    }
  }
  return [started, failed] as const;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
