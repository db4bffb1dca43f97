import type { Caller } from '../answer/begin-call.ts';
import type { Answer } from '../answer/compose-answer.ts';
import type { Config } from '../config.ts';
import { loadPush } from '../observe/otlp/load-push.ts';
import { assemble, type Scout } from '../serve.ts';
import { configOrExit } from './config-or-exit.ts';
import { exitCodes } from './exit-codes.ts';
import { showProgress } from './show-progress.ts';
import { stderrLog } from './stderr-log.ts';

/** A person gets everything at once and no markers around remote text; `call` shows what a model would see. */
export type Reader = 'for a model' | 'for a person';

export interface Form {
  readonly reader: Reader;
  readonly json?: boolean | undefined;
}

/** What a person's terminal may take at once; pages are for models. */
const pageForPeople = 16 * 1024 ** 2;

/**
 * Ask a scout of one's own, and print what it answers in the form that was asked for. Ctrl-C stops what runs
 * remotely.
 */
export async function withScout(
  form: Form,
  ask: (scout: Scout, caller: Caller) => Promise<Answer | undefined>,
): Promise<void> {
  const settings = configOrExit({});
  const isForPerson = form.reader === 'for a person';
  const config: Config = isForPerson ? { ...settings, pageSizeBytes: pageForPeople } : settings;
  const log = stderrLog(config);
  const scout = assemble(config, process.env, log, undefined, await loadPush(process.env, log));
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  const { progress, clear } = showProgress(process.stderr);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const answer = await ask(scout, { signal: interrupted.signal, progress });
    clear();
    if (answer) print(answer, form);
  } finally {
    clear();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await scout.close();
  }
}

/** A failed answer goes to stderr and makes the exit code 1. */
function print(answer: Answer, { reader, json }: Form): void {
  const text = reader === 'for a person' ? withoutMarkers(answer) : answer.text;
  if (json) process.stdout.write(`${JSON.stringify(answer.structured, undefined, 2)}\n`);
  else (answer.isError ? process.stderr : process.stdout).write(`${text}\n`);
  if (answer.isError) process.exitCode = exitCodes.failed;
}

function withoutMarkers({ text, nonce }: Answer): string {
  const isMarker = (line: string) => line.startsWith(`<<<${nonce}`) || line.startsWith(`>>>${nonce}`);
  return text
    .split('\n')
    .filter((line) => !isMarker(line))
    .join('\n');
}
