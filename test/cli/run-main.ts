import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

/** The program in this process, with what it would have printed and its exit code. */
export async function run(...argv: string[]) {
  for (const name of ['stdout', 'stderr'] as const) process[name].removeAllListeners('error'); // of the run before
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    });
  }
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  try {
    await main(argv);
    return { ...said, code: process.exitCode ?? 0 };
  } catch (error) {
    if (exit.mock.calls.length === 0) throw error;
    return { ...said, code: exit.mock.calls[0]?.[0] };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

/** `run` with these variables, which stay no longer than that. */
export async function runWith(variables: Readonly<Record<string, string>>, ...argv: string[]) {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await run(...argv);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** An ssh_config of its own for every test of the file. */
export function useConfig(text: string): void {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'scout-cli-'));
    const config = join(directory, 'config');
    writeFileSync(config, text);
    vi.stubEnv('SCOUT_SSH_CONFIG', config);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
}
