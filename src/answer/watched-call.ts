import type { Asked } from '../audit.ts';
import { type Span, type Tracer, untraced } from '../call.ts';
import type { Context } from '../context.ts';
import type { Report } from '../define.ts';
import { asScoutError, type ErrorCode, type ScoutError } from '../errors.ts';
import { auditValue } from '../observe/audit-text.ts';
import type { Observer } from '../observer.ts';
import { toRemoteText } from '../remote-text.ts';
import { type Caller, newCallId } from './begin-call.ts';
import type { Redactions } from './redactions.ts';

/** What a rule of this program, or of who runs it, says no to. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'command_refused',
  'path_denied',
  'wall_missing',
  'beam_disabled',
  'beam_outside_roots',
]);

/** Of what was asked, in a trace. */
const mostAskedUnits = 4_096;

/** One call as log, counters and trace see it; all of them know it by one correlation id. */
export class WatchedCall {
  readonly id = newCallId();
  readonly span: Span;
  /** Reports what happens for this call. */
  readonly observe: Observer;
  readonly #asked: Asked;
  readonly #door: string;
  readonly #logPayloads: boolean;
  readonly #startedMs = performance.now();
  readonly #refused = new Set<ErrorCode>();

  /** `door`: the name of the tool or the resource. */
  constructor(context: Context, asked: Asked, door: string, caller: Caller, tracer: Tracer | undefined) {
    this.#asked = asked;
    this.#door = door;
    this.#logPayloads = context.config.logPayloads;
    this.observe = (event) => context.observe({ ...event, call: this.id });
    const method = 'tool' in asked ? 'tools/call' : 'resources/read';
    this.span = tracer?.begin(`${method} ${door}`, this.id, caller.traceparent) ?? untraced;
    caller.begun?.(this.id);
  }

  /** What was found, and what was replaced in it. */
  reported(report: Report, redactions: Redactions): void {
    for (const { error } of report.entries) if (error) this.#refusal(error.code);
    for (const [secret, count] of redactions.found)
      this.observe({ kind: 'redacted', door: this.#door, secret, count });
  }

  /** What was asked and answered, where SCOUT_LOG_PAYLOADS is on. */
  payload(answer: string): void {
    if (!this.#logPayloads) return;
    const door = 'tool' in this.#asked ? this.#door : 'resource';
    this.observe({ kind: 'payload', door, asked: this.#asked, answer });
  }

  /** Called once, with the failure of the whole call where it failed. */
  ended(bytes: number, error?: ScoutError): void {
    const durationMs = performance.now() - this.#startedMs;
    if (error) this.#refusal(error.code);
    const failure = error ? { code: error.code, cause: error.cause } : {};
    const of = 'tool' in this.#asked ? 'tool' : 'resource';
    this.observe({ kind: 'answered', of, door: this.#door, durationMs, bytes, ...failure });
    this.span.end(error, {
      kind: of,
      name: this.#door,
      bytes,
      ...(this.#logPayloads && { asked: this.#shownAsked() }),
    });
  }

  /** `ended`, by what was thrown. */
  failed(thrown: unknown): ScoutError {
    const error = asScoutError(thrown);
    this.ended(0, error);
    return error;
  }

  #refusal(code: ErrorCode): void {
    if (!refusals.has(code) || this.#refused.has(code)) return;
    this.#refused.add(code);
    this.observe({ kind: 'refused', door: this.#door, code });
  }

  /** Redacted whatever SCOUT_REDACT says, before it is cut. */
  #shownAsked(): string {
    return toRemoteText(JSON.stringify(auditValue(this.#asked, 4 * mostAskedUnits))).slice(0, mostAskedUnits);
  }
}
