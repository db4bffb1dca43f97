import type { Config } from '../config.ts';
import { type FirstAnswers, firstAnswers } from '../mcp/first-answers.ts';
import { answerFirst, type HandOver } from '../mcp/front-desk.ts';
import { isPushAsked } from '../observe/otlp/load-push.ts';
import { configOrExit } from './config-or-exit.ts';

/** Clients ask for their lists in one go; after this much silence, in ms, the server is loaded for the first call. */
const quietMs = 40;

/**
 * Serve MCP on stdin and stdout with the settings of the environment and these flags. Lists are answered by the front
 * desk; the server is loaded when more is asked.
 */
export async function startServing(flags: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = configOrExit(flags);
  let stop = (): void => process.exit(0);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());
  process.stdout.on('error', () => stop());
  if (process.stdin.isTTY) {
    process.stderr.write(
      'scout-mcp serves MCP on stdin and stdout: an MCP client starts it. See scout-mcp --help.\n',
    );
  }
  const answers = exportsByItself(config) ? undefined : firstAnswers(config);
  const client = answers ? await greet(answers) : { greeting: [], input: process.stdin };
  if (!client) return;
  const { startServer } = await import('./start-server.ts');
  await startServer(config, client, (listener) => {
    stop = listener;
  });
}

function greet(answers: FirstAnswers): Promise<HandOver | undefined> {
  return answerFirst({ input: process.stdin, output: process.stdout, answers, quietMs });
}

/** Whether the server has work without a client: its metrics are wanted from the start. */
function exportsByItself({ metricsFile }: Config): boolean {
  return metricsFile !== undefined || isPushAsked(process.env);
}
