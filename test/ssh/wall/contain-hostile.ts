import { expect } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import type { ShellWorker } from '../../../src/ssh/shell/shell-worker.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { wallMasks } from '../../../src/ssh/wall/masks.ts';
import { createWall } from '../../../src/ssh/wall/wall.ts';
import { until } from '../../fixtures/until.ts';
import { hostile } from '../../policy/corpus/hostile.ts';
import { Collect } from '../shell/collect.ts';
import type { Contained } from './contained.ts';

/** What a shell takes as one argument, each once. */
export const hostileCommands: readonly string[] = [...new Set(hostile.map(([, command]) => command))].filter(
  (command) => !command.includes('\0') && command.length < 16_384,
);

/** After so many commands the machine is looked at, so that little is left to suspect. */
const batchSize = 64;

interface Look {
  /** The kind of worker; undefined: without a wall. */
  readonly kind: string | undefined;
  /** A command that waits or prints for ever is stopped. */
  readonly limitMs?: number;
  /** How long processes may take to end once their worker is gone. */
  readonly patienceMs?: number;
}

/**
 * Run commands without a parser in workers of a kind, and see that the machine is as it was. Answers what is not,
 * and the commands one of which it was. Scratch is gone with its worker, so it is no change.
 */
export async function damageBy(
  contained: Contained,
  ids: { readonly uid: number; readonly gid: number },
  commands: readonly string[],
  { kind, limitMs = 500, patienceMs = 10_000 }: Look,
): Promise<string> {
  const connection = contained.connection(ids);
  const denied = defaultDenyPaths();
  const { signal } = new AbortController();
  const wall = kind === undefined ? undefined : createWall({ kind, masks: wallMasks(denied) });
  const start = () => startWorker(connection, { signal, nice: false, denied, ...(wall && { wall }) });
  const atRest = contained.state();
  const settled = async () => {
    let now = '';
    const isAtRest = () => {
      now = contained.state();
      return now === atRest;
    };
    await until(isAtRest, patienceMs).catch(() => {});
    return now;
  };
  // to start one leaves traces of its own in the layers: an overlay copies what is tried to be changed
  const first = await start();
  first.close();
  await first.gone;
  await settled();
  const before = contained.changes();
  for (let at = 0; at < commands.length; at += batchSize) {
    const batch = commands.slice(at, at + batchSize);
    await runAll(batch, limitMs, async () => {
      const worker = await start();
      if (wall) expect(worker.wall).toMatchObject({ level: 'full' });
      return worker;
    });
    const now = await settled();
    const damage = differing([before, atRest], [contained.changes(), now]);
    if (damage !== '') return `${damage}\nafter one of\n${batch.join('\n')}`;
  }
  return '';
}

async function runAll(
  commands: readonly string[],
  limitMs: number,
  start: () => Promise<ShellWorker>,
): Promise<void> {
  let worker: ShellWorker | undefined;
  const end = async () => {
    worker?.close();
    await worker?.gone;
    worker = undefined;
  };
  for (const command of commands) {
    worker ??= await start();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error('too long')), limitMs);
    const done = await worker
      .run({ command, cwd: '/srv/home', sink: new Collect(1 << 16), signal: limit.signal })
      .then(
        (end) => 'exitCode' in end,
        () => false,
      );
    clearTimeout(timer);
    if (!done) await end();
  }
  await end();
}

/** Every line is there once: it has a number, a place or a name in it. */
function differing(before: readonly string[], after: readonly string[]): string {
  const lines = (texts: readonly string[]) => texts.join('\n').split('\n');
  const [old, now] = [new Set(lines(before)), new Set(lines(after))];
  const gone = [...old].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  return [...gone, ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`)].join('\n');
}
