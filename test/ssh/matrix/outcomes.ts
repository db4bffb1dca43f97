import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { loadConfig } from '../../../src/config.ts';
import type { ErrorCode } from '../../../src/errors.ts';
import { assemble } from '../../../src/serve.ts';
import type { Cell } from './cells.ts';
import { type Place, preparePlace } from './place.ts';
import type { World } from './world.ts';

interface Outcome {
  /** `works`, or why it was refused, in scout's error codes. */
  readonly result: string;
  /** Lines that known_hosts has got. */
  readonly saved: readonly string[];
}

export interface Outcomes {
  readonly ssh: Outcome;
  readonly ssh2: Outcome;
  readonly openssh: Outcome;
}

/** Run one cell by the real ssh and by scout with each engine, one after the other. */
export async function outcomesOf(world: World, cell: Cell): Promise<Outcomes> {
  const attempt = async (run: (place: Place) => Promise<string>): Promise<Outcome> => {
    const place = await preparePlace(world, cell);
    const before = linesOf(place.knownHosts);
    const result = await run(place);
    return { result, saved: linesOf(place.knownHosts).filter((line) => !before.includes(line)) };
  };
  return {
    ssh: await attempt(runSsh),
    ssh2: await attempt((place) => runScout(place, 'ssh2')),
    openssh: await attempt((place) => runScout(place, 'openssh')),
  };
}

/** In a session of its own, where no terminal can be asked: the jumps do not inherit BatchMode. */
async function runSsh({ config, agent }: Place): Promise<string> {
  const child = spawn('ssh', ['-F', config, '-o', 'BatchMode=yes', 'target', 'true'], {
    detached: true,
    env: environment(agent),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return code === 0 ? 'works' : whyRefused(said);
}

/** The first that fits is the reason. */
const reasons: readonly [said: RegExp, code: ErrorCode][] = [
  [/REVOKED HOST KEY DETECTED/, 'host_key_revoked'],
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, 'host_key_changed'],
  [/Host key verification failed/, 'host_key_unknown'],
  [/Permission denied \(publickey|Too many authentication failures/, 'auth_failed'],
  [/Connection refused/, 'unreachable'],
  [/Connection (?:closed by|to) UNKNOWN port 65535/, 'proxy_failed'], // by whether ssh could still say its version
];

function whyRefused(said: string): string {
  return reasons.find(([pattern]) => pattern.test(said))?.[1] ?? `ssh said: ${said}`;
}

/** `works` only by the engine that was asked for. */
async function runScout({ config, agent }: Place, engine: 'ssh2' | 'openssh'): Promise<string> {
  const settings = { SCOUT_SSH_CONFIG: config, SCOUT_SSH_ENGINE: engine, SCOUT_LOG_LEVEL: 'error' };
  const scout = assemble(loadConfig(settings), environment(agent), () => {});
  const call = async (name: string, args: object) => {
    const tool = scout.answerer.tools.find((each) => each.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    const caller = { signal: new AbortController().signal };
    return (await scout.answerer.callTool(tool, args, caller)).structured;
  };
  try {
    const answer = await call('scout_query', { hosts: 'target', command: 'true' });
    const [found] = (answer.results ?? [answer]) as readonly Found[]; // as its output schema says
    if (found?.error) return found.error.code;
    const listed = await call('scout_hosts', { hosts: 'target' });
    const used = (listed.results as { hosts: { engine?: string }[] }[])[0]?.hosts[0]?.engine;
    return found?.exit_code === 0 && used === engine ? 'works' : `exit ${found?.exit_code} by ${used}`;
  } finally {
    await scout.close();
  }
}

interface Found {
  readonly exit_code?: number;
  readonly error?: { readonly code: string };
}

function environment(agent: string | undefined): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, SHELL: '/bin/sh', ...(agent !== undefined && { SSH_AUTH_SOCK: agent }) };
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}
