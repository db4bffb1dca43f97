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

/** A command that waits or prints for ever is stopped. */
const limitMs = 500;

/**
 * Run commands without a parser in workers of a kind, and see that the machine is as it was. Answers what is not.
 * Scratch is gone with its worker, so it is no change.
 */
export async function damageBy(
  contained: Contained,
  ids: { readonly uid: number; readonly gid: number },
  commands: readonly string[],
  kind: string | undefined,
): Promise<string> {
  const connection = contained.connection(ids);
  const denied = defaultDenyPaths();
  const { signal } = new AbortController();
  const wall = kind === undefined ? undefined : createWall({ kind, masks: wallMasks(denied) });
  const start = () => startWorker(connection, { signal, nice: false, denied, ...(wall && { wall }) });
  // to start one leaves traces of its own in the layers: an overlay copies what is tried to be changed
  const first = await start();
  first.close();
  await first.gone;
  await until(() => !contained.state().includes('sysread'));
  const before = [contained.changes(), contained.state()];
  let worker: ShellWorker | undefined;
  for (const command of commands) {
    worker ??= await start();
    if (wall) expect(worker.wall).toMatchObject({ level: 'full' });
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error('too long')), limitMs);
    const done = await worker
      .run({ command, cwd: '/srv/home', sink: new Collect(1 << 16), signal: limit.signal })
      .then(
        (end) => 'exitCode' in end,
        () => false,
      );
    clearTimeout(timer);
    if (done) continue;
    worker.close();
    await worker.gone;
    worker = undefined;
  }
  worker?.close();
  await worker?.gone;
  const after = () => [contained.changes(), contained.state()];
  await until(() => after()[1] === before[1], 10_000).catch(() => {});
  return differing(before, after());
}

function differing(before: readonly string[], after: readonly string[]): string {
  const lines = (texts: readonly string[]) => texts.join('\n').split('\n');
  const [old, now] = [new Set(lines(before)), new Set(lines(after))];
  const gone = [...old].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  return [...gone, ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`)].join('\n');
}
