import type { Config } from '../config.ts';
import { serve } from '../serve.ts';
import { configOrExit } from './config-or-exit.ts';
import { stderrLog } from './stderr-log.ts';

/** Serve MCP on stdin and stdout with the settings of the environment and these flags. */
export async function startServing(flags: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = configOrExit(flags);
  const log = stderrLog(config);
  // whatever a library prints goes where it cannot be taken for JSON-RPC
  globalThis.console = new console.Console(process.stderr, process.stderr);
  process.on('uncaughtException', (error) =>
    log('error', 'defect', { error: error.message, ...traceOf(config, error) }),
  );
  if (process.stdin.isTTY) {
    process.stderr.write(
      'scout-mcp serves MCP on stdin and stdout: an MCP client starts it. See scout-mcp --help.\n',
    );
  }
  await serve({
    config,
    env: process.env,
    input: process.stdin,
    output: process.stdout,
    log,
    exit: (code) => process.exit(code),
    onSignal: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
    },
  });
}

function traceOf(config: Config, error: Error): { stack?: string } {
  return config.includeTraceback && error.stack !== undefined ? { stack: error.stack } : {};
}
