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
