import { setFlagsFromString } from 'node:v8';
import type { Config } from '../config.ts';
import { usualHeapGrowth } from '../heap-growth.ts';
import type { HandOver } from '../mcp/front-desk.ts';
import { serve } from '../serve.ts';
import { stderrLog } from './stderr-log.ts';

/** Serve MCP on what came by stdin and on stdout to a client that has been greeted; `onStop` is told how to end it. */
export async function startServer(
  config: Config,
  client: HandOver,
  onStop: (listener: () => void) => void,
): Promise<void> {
  // a session has too few calls for V8 to compile them by itself: a warm call takes 5 to 8 % less of a new process
  setFlagsFromString('--always-sparkplug');
  // and what its optimising compiler costs (a fifth of the processor time of the first 300 calls) comes back in thousands of
  // them: a function is worth that after 400 kB of its bytecode in place of 132 KiB
  setFlagsFromString('--interrupt-budget=400000');
  setFlagsFromString(usualHeapGrowth);
  const log = stderrLog(config);
  // whatever a library prints goes where it cannot be taken for JSON-RPC
  globalThis.console = new console.Console(process.stderr, process.stderr);
  process.on('uncaughtException', (error) =>
    log('error', 'defect', { error: error.message, ...traceOf(config, error) }),
  );
  await serve({
    config,
    env: process.env,
    output: process.stdout,
    ...client,
    log,
    exit: (code) => process.exit(code),
    onSignal: onStop,
  });
}

function traceOf(config: Config, error: Error): { stack?: string } {
  return config.includeTraceback && error.stack !== undefined ? { stack: error.stack } : {};
}
