import { asScoutError, formatError } from '../errors.ts';
import { formatExplanation, structureExplanation } from '../format/format-explanation.ts';
import { type ExplainedCommand, explainCommand } from '../operations/explain-command.ts';
import { configOrExit } from './config-or-exit.ts';
import { exitCodes } from './exit-codes.ts';

export interface ExplainOptions {
  readonly cwd?: string;
  readonly json?: boolean;
}

/** `scout-mcp explain 'COMMAND' [--cwd DIR] [--json]`: asks no host. A refused command exits with 1. */
export function runExplain(command: string, { cwd = '', json }: ExplainOptions): void {
  const config = configOrExit({});
  let explained: ExplainedCommand;
  try {
    explained = explainCommand({ config }, command, cwd);
  } catch (thrown) {
    process.stderr.write(`${formatError(asScoutError(thrown))}\n`);
    process.exitCode = exitCodes.wrongUsage;
    return;
  }
  const inColour = process.stdout.isTTY && !process.env.NO_COLOR;
  const text = json
    ? JSON.stringify(structureExplanation(explained), undefined, 2)
    : formatExplanation(explained, inColour);
  process.stdout.write(`${text}\n`);
  if (explained.refused) process.exitCode = exitCodes.failed;
}
