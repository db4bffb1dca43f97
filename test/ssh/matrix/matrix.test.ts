import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authKinds, type Cell, cells, hostKeyStates, keyKinds, nameOf, paths } from './cells.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
/** Of the installed client, 100 × major + minor. */
const version = opensshVersion();
const outcomes = new Map<Cell, Outcomes | Error>();

beforeAll(async () => {
  world = await makeWorld();
  const waiting = [...cells];
  const lane = async () => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      const failed = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
      outcomes.set(cell, await outcomesOf(world, cell).catch(failed));
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}, 120_000);
afterAll(() => world?.stop());

describe('scout works where ssh works, and refuses for the same reason where ssh refuses, by each engine', () => {
  it.each(cells.map((cell) => [nameOf(cell), cell] as const))('%s', (_, cell) => {
    const found = outcomes.get(cell);
    if (!found || found instanceof Error) throw found;
    const { ssh, ssh2, openssh } = found;
    const old = version < (cell.sinceOpenssh ?? 0) ? 'auth_failed' : cell.expected;
    expect({ ssh: ssh.result, ssh2: ssh2.result, openssh: openssh.result }).toEqual({
      ssh: old,
      ssh2: cell.expected,
      openssh: old,
    });
    expect({ ssh2: ssh2.saved, openssh: openssh.saved }).toEqual({ ssh2: ssh.saved, openssh: ssh.saved });
  });
});

it('the matrix has every key, way to log in, host key state and path, and forty cells', () => {
  const seen = <K extends keyof Cell>(part: K) => new Set(cells.map((cell) => cell[part]));
  expect(seen('key')).toEqual(new Set(keyKinds));
  expect(seen('auth')).toEqual(new Set(authKinds));
  expect(seen('hostKey')).toEqual(new Set(hostKeyStates));
  expect(seen('path')).toEqual(new Set(paths));
  expect(new Set(cells.map(nameOf)).size).toBe(cells.length);
  expect(cells.length).toBeGreaterThanOrEqual(40);
});

it('a host that was not known is saved, in the same line as ssh writes it', () => {
  const saved = cells.filter((cell) => {
    const found = outcomes.get(cell);
    return found && !(found instanceof Error) && found.ssh.saved.length > 0;
  });
  expect(saved.map(({ hostKey }) => hostKey)).toContain('unknown: accept-new');
  expect(saved.map(({ hostKey }) => hostKey)).toContain('unknown: no');
});

function opensshVersion(): number {
  const [, major, minor] = /OpenSSH_(\d+)\.(\d+)/.exec(String(spawnSync('ssh', ['-V']).stderr)) ?? [];
  return Number(major) * 100 + Number(minor);
}
