import type { Asked, Audit } from '../audit.ts';
import type { Call, Tracer } from '../call.ts';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { AskedVariable, Prompt, Report, Resource, Tool } from '../define.ts';
import { asScoutError, formatError, ScoutError } from '../errors.ts';
import { beginCall, type Caller, type CallRecord } from './begin-call.ts';
import { complete } from './complete.ts';
import { type Answer, composeAnswer, composeFailure } from './compose-answer.ts';
import { fillPrompt } from './fill-prompt.ts';
import { matchTemplate } from './match-template.ts';
import { RateLimit } from './rate-limit.ts';
import { Redactions } from './redactions.ts';
import { Stop } from './stop.ts';
import { validate } from './validate.ts';
import { WatchedCall } from './watched-call.ts';

export interface Offer {
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
}

/** A resource as it was read: an answer, or a text in a format of its own. */
export type ResourceAnswer = { readonly mimeType: string } & (
  | { readonly answer: Answer }
  | { readonly text: string }
);

type Work = (context: Context, call: Call) => Promise<Report>;

interface Found {
  readonly resource: Resource;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * One call, from validation to text: audit the intent → validate → rate limit → deadline → operation → page →
 * format → audit the outcome → observe.
 * MCP and the command line take the same path.
 */
export class Answerer {
  readonly #context: Context;
  readonly #offer: Offer;
  readonly #limit: RateLimit;
  readonly #audit: Audit | undefined;
  readonly #tracer: Tracer | undefined;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stop = new Stop();

  constructor(context: Context, offer: Offer, audit?: Audit, tracer?: Tracer) {
    this.#context = context;
    this.#offer = offer;
    this.#audit = audit;
    this.#tracer = tracer;
    this.#limit = new RateLimit(context.config.rateLimitPerMinute, context.config.rateLimitBurst);
  }

  get config(): Config {
    return this.#context.config;
  }

  /** The tools that this configuration offers. */
  get tools(): readonly Tool[] {
    return this.#offer.tools.filter((tool) => tool.offered(this.#context.config));
  }

  get resources(): readonly Resource[] {
    return this.#offer.resources;
  }

  get prompts(): readonly Prompt[] {
    return this.#offer.prompts;
  }

  /** Calls that have begun and not ended. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Wait until no call is under way, `limitMs` at most. */
  async settled(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.allSettled(this.#underWay), limit]);
    clearTimeout(timer);
  }

  /** Give up every call that is under way, and every later one. */
  stop(): void {
    this.#stop.now(new ScoutError('cancelled', 'scout-mcp is shutting down', 'Start it again.'));
  }

  /** Never rejects but for a cancelled call: what fails is an answer with `isError`. */
  async callTool(tool: Tool, args: unknown, caller: Caller): Promise<Answer> {
    const asked = { tool: tool.name, arguments: args };
    return await this.#watched(asked, tool.name, caller, async (watched) => {
      try {
        return await this.#recorded(asked, watched, async (record) => {
          const input = validate(tool.name, tool.input, args);
          const work: Work = (context, call) => tool.run(context, input, call);
          const limitMs = tool.deadline === 'none' ? Number.POSITIVE_INFINITY : this.config.callTimeoutMs;
          return await this.#run(caller, watched, record, work, limitMs);
        });
      } catch (thrown) {
        const error = asScoutError(thrown);
        if (error.code === 'cancelled') throw error;
        return composeFailure(error, 'results', this.config.pageSizeBytes);
      }
    });
  }

  /** Read a resource by its URI. Rejects with the ScoutError that the tool twin would show. */
  async readResource(uri: string, caller: Caller): Promise<ResourceAnswer> {
    const found = this.#find(uri);
    const asked = { resource: uri };
    return await this.#watched(asked, found?.resource.name ?? 'unknown', caller, (watched) =>
      this.#recorded(asked, watched, async (record) => {
        if (!found) throw this.#noResource(uri);
        const { resource, variables } = found;
        const { mimeType } = resource;
        let text: string | undefined;
        const answer = await this.#run(caller, watched, record, async (context, call) => {
          const read = await resource.read(context, variables, call);
          if (typeof read !== 'string') return read;
          text = read;
          return { list: 'results', entries: [] };
        });
        if (answer.error) throw answer.error;
        return text === undefined ? { mimeType, answer } : { mimeType, text };
      }),
    );
  }

  /** The text of a prompt. Throws ScoutError `invalid_argument`, also for one that there is not. */
  promptText(name: string, values: Readonly<Record<string, string>>): string {
    return fillPrompt(this.#offer.prompts, name, values);
  }

  /** Values for a variable of a template, or an argument of a prompt, that begin with what was typed; never rejects. */
  async complete(of: { template: string } | { prompt: string }, asked: AskedVariable, caller: Caller) {
    const found = complete(this.#offer, this.#context, of, asked, caller, this.#stop, this.#audit);
    this.#underWay.add(found);
    try {
      return await found;
    } finally {
      this.#underWay.delete(found);
    }
  }

  async #run(
    caller: Caller,
    watched: WatchedCall,
    record: CallRecord,
    work: Work,
    limitMs = this.config.callTimeoutMs,
  ): Promise<Answer> {
    this.#limit.take();
    const { config, kept, clean } = this.#context;
    const redactions = new Redactions();
    const context = {
      ...this.#context,
      observe: watched.observe,
      clean: (remote: Uint8Array, onRedacted = redactions.count) => clean(remote, onRedacted),
    };
    const ownWork = (call: Call) => work(context, call);
    const report = await beginCall(caller, this.#stop, limitMs, ownWork, record);
    watched.reported(report, redactions);
    return composeAnswer(report, config.pageSizeBytes, kept, redactions);
  }

  /**
   * Between the line of the audit log that announces a call and the one that says what came of it. Throws ScoutError
   * `audit_unavailable` where either cannot be written.
   */
  async #recorded<T extends Answer | ResourceAnswer>(
    asked: Asked,
    watched: WatchedCall,
    work: (record: CallRecord) => Promise<T>,
  ): Promise<T> {
    const { id, span } = watched;
    const audit = this.#audit?.begin(id, asked);
    let result: T;
    try {
      result = await work({ id, span, audit });
    } catch (thrown) {
      const failure = asScoutError(thrown);
      audit?.end({ outcome: failure.code, bytes: 0 });
      watched.payload(formatError(failure));
      throw thrown;
    }
    watched.payload(textOf(result));
    const error = 'error' in result ? result.error : undefined;
    audit?.end({ outcome: error?.code ?? 'ok', bytes: Buffer.byteLength(textOf(result)) });
    return result;
  }

  async #watched<T extends Answer | ResourceAnswer>(
    asked: Asked,
    door: string,
    caller: Caller,
    work: (watched: WatchedCall) => Promise<T>,
  ): Promise<T> {
    const watched = new WatchedCall(this.#context, asked, door, caller, this.#tracer);
    const promise = work(watched);
    this.#underWay.add(promise);
    try {
      const result = await promise;
      watched.ended(Buffer.byteLength(textOf(result)), 'error' in result ? result.error : undefined);
      return result;
    } catch (thrown) {
      throw watched.failed(thrown);
    } finally {
      this.#underWay.delete(promise);
    }
  }

  #find(uri: string): Found | undefined {
    for (const resource of this.#offer.resources) {
      const variables = matchTemplate(resource.uri, uri);
      if (variables) return { resource, variables };
    }
    return undefined;
  }

  #noResource(uri: string): ScoutError {
    const known = this.#offer.resources.map((resource) => resource.uri).join(', ');
    return new ScoutError(
      'invalid_argument',
      `there is no resource ${JSON.stringify(uri.slice(0, 200))}`,
      `There are: ${known}.`,
    );
  }
}

function textOf(result: Answer | ResourceAnswer): string {
  return 'answer' in result ? result.answer.text : result.text;
}
