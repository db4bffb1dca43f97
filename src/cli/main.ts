import { startServing } from './start-serving.ts';

/** The program. Bare `serve`, which every client starts, loads nothing of the other commands. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 0 || (argv.length === 1 && argv[0] === 'serve')) return await startServing({});
  const { runProgram } = await import('./program.ts');
  await runProgram(argv);
}
