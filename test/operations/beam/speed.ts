import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';

export interface Measured {
  readonly ms: number;
  readonly rssBytes: number;
  readonly text: string;
  readonly isError: boolean;
}

const root = join(import.meta.dirname, '../../..');

/** Copy one after the other in one new process. */
export async function beamApart(
  sshConfig: string,
  roots: string,
  copies: readonly object[],
): Promise<readonly Measured[]> {
  // within node_modules, so that packages resolve; and not in this process, whose memory is not that of copying
  const directory = mkdtempSync(join(root, 'node_modules', '.speed-'));
  try {
    await build({
      config: false,
      entry: { child: join(import.meta.dirname, 'speed-child.ts') },
      outDir: directory,
      format: 'esm',
      outExtension: () => ({ js: '.mjs' }),
      target: 'node20',
      splitting: false,
      removeNodeProtocol: false,
      skipNodeModulesBundle: true,
      silent: true,
    });
    const words = [join(directory, 'child.mjs'), sshConfig, roots, JSON.stringify(copies)];
    const { output } = await run(process.execPath, words);
    return output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Run a program to its end; rejects where it fails. */
export async function run(
  program: string,
  words: readonly string[],
  input = '',
): Promise<{ ms: number; output: string }> {
  const startedMs = performance.now();
  const child = spawn(program, words, { cwd: root });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors.slice(-2_000)}`);
  return { ms: performance.now() - startedMs, output };
}
