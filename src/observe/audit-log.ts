import { resolve } from 'node:path';
import type { Asked, Audit, AuditOutcome, AuditStep, CallAudit, HostAction } from '../audit.ts';
import { asScoutError } from '../errors.ts';
import { randomHex } from '../random-hex.ts';
import { version } from '../version.ts';
import { AuditFile } from './audit-file.ts';
import { noHash, writeLine } from './audit-line.ts';
import { auditProblem } from './audit-problem.ts';
import { auditText, auditValue } from './audit-text.ts';
import type { Log } from './log.ts';

const longestText = 8 * 1024;
const longestArguments = 16 * 1024;
const longestName = 256;

interface Open {
  readonly sequence: number;
  readonly about: Readonly<Record<string, unknown>>;
  readonly startedMs: number;
  /** What the end of the run writes, if nothing else did. */
  outcome: AuditOutcome;
}

/**
 * The audit log of one process run: a chain of JSON lines (docs/audit.md), each with the SHA-256 hash of the one
 * before it. Nothing is opened or written before the first call.
 */
export class AuditLog implements Audit {
  readonly #file: AuditFile;
  readonly #path: string;
  readonly #log: Log;
  readonly #run = randomHex(16);
  readonly #open = new Set<Open>();
  #sequence = 0;
  #head = noHash;
  #isClosed = false;
  #lastProblem = '';

  constructor(path: string, log: Log) {
    this.#path = resolve(path);
    this.#file = new AuditFile(this.#path);
    this.#log = log;
  }

  begin(callId: string, asked: Asked): CallAudit & AuditStep {
    const door =
      'tool' in asked
        ? { tool: auditText(asked.tool, longestName) }
        : { resource: auditText(asked.resource, longestText) };
    const call = { call: callId, ...door };
    const args = 'tool' in asked ? { arguments: auditValue(asked.arguments ?? {}, longestArguments) } : {};
    const step = this.#begin(call, args);
    return {
      ...step,
      onHost: (host, action) =>
        this.#begin({ ...call, host: auditText(host, longestName), ...this.#action(action) }, {}),
    };
  }

  /** End what is under way, and the run. The hash of its last line goes to stderr: it proves that none is cut off. */
  close(): void {
    if (this.#isClosed) return;
    try {
      for (const open of this.#open) this.#end(open);
      if (this.#sequence > 0) this.#write('end', { lines: this.#sequence + 1 });
    } catch {
      // it was logged; what is missing is seen by who verifies the file
    }
    this.#isClosed = true;
    this.#file.close();
    if (this.#sequence === 0) return;
    this.#log('info', 'audit log closed', { run: this.#run, sequence: this.#sequence, head: this.#head });
  }

  #begin(about: Readonly<Record<string, unknown>>, details: Readonly<Record<string, unknown>>): AuditStep {
    this.#write('intent', { ...about, ...details });
    const open: Open = {
      sequence: this.#sequence,
      about,
      startedMs: performance.now(),
      outcome: { outcome: 'cancelled', bytes: 0 },
    };
    this.#open.add(open);
    return {
      end: (outcome) => {
        if (!this.#open.has(open)) return; // the run ended before it
        open.outcome = outcome;
        try {
          this.#end(open);
        } catch (thrown) {
          open.outcome = { ...outcome, outcome: 'audit_unavailable' }; // what came of it is withheld
          throw thrown;
        }
      },
    };
  }

  #end(open: Open): void {
    const { outcome, exitCode, bytes } = open.outcome;
    this.#write('outcome', {
      intent: open.sequence,
      ...open.about,
      outcome,
      exit_code: exitCode,
      bytes,
      duration_ms: Math.round(performance.now() - open.startedMs),
    });
    this.#open.delete(open);
  }

  #action(action: HostAction): Readonly<Record<string, unknown>> {
    if ('probe' in action) return { probe: true };
    if ('path' in action) return { path: auditText(action.path, longestText) };
    const cwd = action.cwd === '' ? undefined : auditText(action.cwd, longestText);
    return { command: auditText(action.command, longestText), cwd };
  }

  #write(event: string, facts: Readonly<Record<string, unknown>>): void {
    try {
      if (this.#isClosed) throw auditProblem('the server is shutting down', 'Start it again.');
      this.#file.prepare();
      if (this.#sequence === 0) this.#append('start', { format: 1, version, pid: process.pid });
      else if (this.#file.isAnother) this.#append('continued', {});
      this.#append(event, facts);
      this.#lastProblem = '';
    } catch (thrown) {
      this.#complain(thrown);
      throw thrown;
    }
  }

  /** The chain goes on by a line that was written, and by no other. */
  #append(event: string, facts: Readonly<Record<string, unknown>>): void {
    const sequence = this.#sequence + 1;
    const time = new Date().toISOString();
    const { text, hash } = writeLine({ time, run: this.#run, sequence, event, ...facts }, this.#head);
    this.#file.append(text);
    this.#sequence = sequence;
    this.#head = hash;
  }

  /** Once for each reason, however many calls it costs. */
  #complain(thrown: unknown): void {
    const { message } = asScoutError(thrown);
    if (message === this.#lastProblem || this.#isClosed) return;
    this.#lastProblem = message;
    this.#log('error', 'audit log', { file: this.#path, problem: message });
  }
}
