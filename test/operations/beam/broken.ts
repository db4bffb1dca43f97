import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { descendants, killNow } from '../../fixtures/processes.ts';
import { type Sshd, type SshdOptions, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { parts, sha256, someFile } from './beam.ts';
import { type BreakingProxy, startBreakingProxy } from './breaking-proxy.ts';
import type { Runner, Said } from './runner.ts';

export const ways = ['down', 'up', 'across to', 'across from'] as const;
export type Way = (typeof ways)[number];

/** What stands before the path of each end. */
export const prefixes: Readonly<Record<Way, readonly [from: string, to: string]>> = {
  down: ['shaky:', ''],
  up: ['', 'shaky:'],
  'across to': ['web1:', 'shaky:'],
  'across from': ['shaky:', 'web1:'],
};

/** The network fails at once or falls silent, the session is killed at its other end, the call is cancelled, or scout is killed. */
export const breakKinds = ['cut', 'silence', 'session', 'cancel', 'kill'] as const;
export type BreakKind = (typeof breakKinds)[number];

/** Two directories of this machine, which is `web1`, and by way of a proxy `shaky`. */
export interface Stage {
  readonly sshd: Sshd;
  readonly proxy: BreakingProxy;
  readonly sshConfig: string;
  readonly here: string;
  readonly there: string;
  close(): Promise<void>;
}

export async function makeStage(
  overrides: Readonly<Record<string, string>> = {},
  options: SshdOptions = {},
): Promise<Stage> {
  const sshd = await startSshd(options);
  const proxy = await startBreakingProxy(sshd.port);
  const lines = sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), String(proxy.port)));
  writeFileSync(sshd.knownHostsFile, `${[...sshd.hostKeyLines, ...lines].join('\n')}\n`);
  // a silent network is found in a second
  const watched = { ServerAliveInterval: '1', ServerAliveCountMax: '1' };
  const shaky = sshd.configFor('shaky', { Port: String(proxy.port), ...watched, ...overrides });
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'scout-broken-')));
  const [here, there] = [join(base, 'here'), join(base, 'there')];
  for (const directory of [here, there]) mkdirSync(directory);
  return {
    sshd,
    proxy,
    sshConfig: sshd.writeConfig('web1', shaky),
    here,
    there,
    async close() {
      await proxy.stop();
      await sshd.stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

interface Victim {
  readonly args: { readonly from: string; readonly to: string };
  readonly source: string;
  readonly target: string;
}

/** What came of one break. */
export interface Broken {
  /** How the copy ended that was broken: `done`, `gone`, or the code of its error. */
  readonly ended: string;
  /** Where the second one went on. */
  readonly resumedAt: number;
}

export interface Plan {
  readonly kind: BreakKind;
  readonly way: Way;
  readonly points: number;
  /** Of each file. */
  readonly bytes: number;
  readonly random: () => number;
}

/**
 * Break copies at random points, a third of them near the end, where the copy is verified and put in place. Every
 * other one replaces an old file.
 */
export async function breakOften(
  stage: Stage,
  runner: Runner & { kill?(): void },
  { kind, way, points, bytes, random }: Plan,
): Promise<readonly Broken[]> {
  const { proxy, sshd } = stage;
  const acts: Readonly<Record<BreakKind, () => void>> = {
    cut: () => proxy.cut(),
    silence: () => {},
    session: () => {
      for (const { pid, name } of descendants(sshd.pid)) if (name.startsWith('sshd')) killNow(pid);
    },
    cancel: () => runner.cancel(),
    kill: () => runner.kill?.(),
  };
  const most = await measure(stage, runner, way, bytes);
  const results: Broken[] = [];
  for (let index = 0; index < points; index += 1) {
    const share = random();
    const point = Math.round(index % 3 === 2 ? most - share * 4_000 : share * most);
    const breaks = { point, silences: kind === 'cut' || kind === 'silence', act: acts[kind] };
    const name = `${kind}-${way.replace(' ', '-')}-${index}`;
    results.push(
      await breakAndResume(stage, runner, way, { name, bytes, replaces: index % 2 === 1, breaks }),
    );
  }
  return results;
}

/** What a copy of so many bytes sends and receives, all in all. */
async function measure(stage: Stage, runner: Runner, way: Way, bytes: number): Promise<number> {
  const victim = victimOf(stage, way, 'measured', bytes);
  const begin = stage.proxy.bytes();
  const said = await runner.beam(victim.args);
  expect(said?.text).not.toMatch(/Fix:/);
  leave(victim);
  return stage.proxy.bytes() - begin;
}

interface Break {
  readonly point: number;
  readonly silences: boolean;
  readonly act: () => void;
}

/**
 * Break one copy. See that its target is the old file (none, unless it `replaces` one) or the new one, and that what
 * was said of a part is so; then copy again, and see that the target is the source and that nothing is left beside it.
 */
async function breakAndResume(
  stage: Stage,
  runner: Runner,
  way: Way,
  {
    name,
    bytes,
    replaces,
    breaks,
  }: { readonly name: string; readonly bytes: number; readonly replaces: boolean; readonly breaks: Break },
): Promise<Broken> {
  const { proxy } = stage;
  const victim = victimOf(stage, way, name, bytes);
  const { args, source, target } = victim;
  const wanted = sha256(source);
  const old = replaces ? sha256(someFile(dirname(target), basename(target), 3_000)) : undefined;
  const standing = () => (existsSync(target) ? sha256(target) : undefined);

  proxy.breakAfter(breaks.point, breaks.silences, breaks.act);
  const first = await runner.beam(replaces ? { ...args, overwrite: true } : args);
  const wasWhole = proxy.disarm();
  expect([old, wanted], `${name}: a torn target`).toContain(standing());
  if (wasWhole) expect(first?.text, name).not.toMatch(/Fix:/);
  if (first && !first.isError) expect(standing(), name).toBe(wanted);
  // where only the answer to the last rename was lost, the part is where it belongs
  if (first?.isError && standing() !== wanted) checkSaid(first.text, dirname(target));

  let again = await secondCopy(runner, { ...args, overwrite: true });
  // a copy that was cancelled at its very last request may come to its end yet, and take the part with it
  if (!first && again.isError && standing() === wanted)
    again = await secondCopy(runner, { ...args, overwrite: true });
  // a connection that was broken when the first copy had just ended is lost by the second, which has moved nothing
  if (first && !first.isError && again.text.startsWith('connection_lost'))
    again = await secondCopy(runner, { ...args, overwrite: true });
  expect(again.text, name).not.toMatch(/Fix:/);
  expect(standing(), name).toBe(wanted);
  expect(readdirSync(dirname(target)), name).toEqual([basename(target)]);
  leave(victim);
  const code = first?.text.split(':')[0] ?? '';
  return { ended: first ? (first.isError ? code : 'done') : 'gone', resumedAt: again.resumedAt };
}

/** A part that holds anything is named; what is named is there. */
function checkSaid(text: string, directory: string): void {
  const left = parts(directory);
  expect(left.length).toBeLessThanOrEqual(1);
  const holds = left[0] !== undefined && statSync(join(directory, left[0])).size > 0;
  if (holds || text.includes('is kept in')) expect(text).toContain(left[0] ?? 'a part');
}

/** One that was cancelled may still be giving back what it holds. */
async function secondCopy(runner: Runner, args: object): Promise<Said> {
  let said = await runner.beam(args);
  await until(async () => {
    if (!said?.isError || !/^busy/m.test(said.text)) return true;
    said = await runner.beam(args);
    return false;
  });
  if (!said) throw new Error('the second copy gave no answer');
  return said;
}

function victimOf(
  { here, there }: Pick<Stage, 'here' | 'there'>,
  way: Way,
  name: string,
  bytes: number,
): Victim {
  const [from, to] = way === 'up' ? [here, there] : [there, here];
  const [source, target] = [join(from, name, 'source', 'file'), join(to, name, 'target', 'file')];
  for (const path of [source, target]) mkdirSync(dirname(path), { recursive: true });
  someFile(dirname(source), 'file', bytes);
  const [before, after] = prefixes[way];
  return { source, target, args: { from: before + source, to: after + target } };
}

function leave({ source, target }: Victim): void {
  for (const path of [source, target]) rmSync(dirname(dirname(path)), { recursive: true, force: true });
}
