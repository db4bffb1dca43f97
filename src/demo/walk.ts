import { abortReason, raceAbort } from '../call.ts';
import { formatDuration } from '../units.ts';
import { connectDemoClient, type DemoClient, findBin } from './demo-client.ts';
import { type DemoFleet, startDemoFleet } from './demo-fleet.ts';
import { demoSteps } from './demo-steps.ts';
import { missing, showStep } from './show-step.ts';

export interface WalkOptions {
  /** Ends the walk early; everything is cleaned up all the same. */
  readonly signal?: AbortSignal;
  /** The program that a client would start; this installation's, unless given. */
  readonly bin?: string;
}

/**
 * The demo: SSH hosts on loopback, this program as a server, a real MCP client that asks about everything there
 * is. Answers whether every answer was what it should be; never rejects, and leaves nothing behind.
 */
export async function walk(print: (line: string) => void, options: WalkOptions = {}): Promise<boolean> {
  const { signal = new AbortController().signal, bin } = options;
  const startedMs = performance.now();
  let fleet: DemoFleet | undefined;
  let client: DemoClient | undefined;
  let good = 0;
  let failure: string | undefined;
  try {
    print('Four SSH hosts start on loopback, then scout-mcp as a server, and an MCP client asks it.');
    print('Each host is a shell in a directory of its own: it has files and logs, but no services.');
    fleet = await startDemoFleet();
    client = await connectDemoClient(bin ?? findBin(), fleet.sshConfig, signal);
    good = await ask(client, print, signal);
  } catch (error) {
    const cause = signal.aborted ? abortReason(signal) : error;
    failure = cause instanceof Error ? cause.message : String(cause);
  } finally {
    await client?.close().catch(() => {}); // its process is gone already
    await fleet?.stop();
  }
  const all = good === demoSteps.length;
  print('');
  if (failure !== undefined) print(`The demo stopped: ${failure}`);
  if (!all) printStderr(client, print);
  const took = formatDuration(performance.now() - startedMs);
  print(`${good} of ${demoSteps.length} questions were answered as they should be, in ${took}.`);
  if (all) print('Your own hosts: scout-mcp hosts. Your MCP client: scout-mcp config CLIENT.');
  return all;
}

/** How many questions got the right answer. */
async function ask(client: DemoClient, print: (line: string) => void, signal: AbortSignal): Promise<number> {
  let good = 0;
  let before = '';
  for (const [index, step] of demoSteps.entries()) {
    const request = step.request(before);
    const startedMs = performance.now();
    const answer = await raceAbort(client.ask(request), signal);
    for (const line of showStep(
      index + 1,
      step.question,
      request,
      answer.text,
      performance.now() - startedMs,
    ))
      print(line);
    const lacking = missing(step, answer);
    if (lacking === undefined) good += 1;
    else print(`    ✗ expected ${lacking}`);
    before = answer.text;
  }
  return good;
}

function printStderr(client: DemoClient | undefined, print: (line: string) => void): void {
  const lines = client?.stderr().trim() ?? '';
  if (lines !== '') print(`The server wrote to stderr:\n${lines}`);
}
