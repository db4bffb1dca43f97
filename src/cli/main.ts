import { startServing } from './start-serving.ts';

/** The program. Bare `serve`, which every client starts, loads nothing of the other commands. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stderr.on('error', () => {}); // nobody reads it: no reason to end, and no place to say so
  if (argv.length === 0 || (argv.length === 1 && argv[0] === 'serve')) return await startServing({});
  const { runProgram } = await import('./program.ts');
  await runProgram(argv);
}
