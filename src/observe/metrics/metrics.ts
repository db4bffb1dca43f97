import type { ErrorCode } from '../../errors.ts';
import type { Observed, Observer } from '../../observer.ts';
import type { WallLevel } from '../../ssh/wall/report.ts';
import { counted } from './counted.ts';
import type { Family } from './family.ts';
import { HostLabels, otherHosts } from './host-labels.ts';

/** Figures that are looked up when somebody asks for them. */
export type Figures = () => Promise<readonly Family[]>;

type Answered = Extract<Observed, { kind: 'answered' }>;

export interface MetricsOptions {
  readonly slowThresholdMs: number;
  /** Whether the ssh configuration names a host: only such a name becomes a label. */
  readonly isListed: (host: string) => boolean;
}

/** Counts what is observed. Its sources of further figures are asked at each look. */
export class Metrics {
  readonly #counted = counted();
  readonly #walls = new Map<string, WallLevel>();
  readonly #hosts: HostLabels;
  readonly #slowThresholdMs: number;
  readonly #sources: Figures[] = [];

  constructor({ slowThresholdMs, isListed }: MetricsOptions) {
    this.#slowThresholdMs = slowThresholdMs;
    this.#hosts = new HostLabels(isListed);
  }

  addSource(figures: Figures): void {
    this.#sources.push(figures);
  }

  /** Every metric as it is now. A source that fails is left out. */
  async collect(): Promise<readonly Family[]> {
    const further = await Promise.all(this.#sources.map((figures) => figures().catch(() => [])));
    return [
      ...Object.values(this.#counted).map((instrument) => instrument.read()),
      this.#wallFamily(),
      ...further.flat(),
    ];
  }

  readonly observe: Observer = (event) => {
    const to = this.#counted;
    switch (event.kind) {
      case 'answered':
        this.#answered(event);
        break;
      case 'refused':
        to.refusals.add({ code: event.code });
        break;
      case 'redacted':
        to.redactions.add({ secret: event.secret }, event.count);
        break;
      case 'worked': {
        const host = this.#hosts.label(event.host);
        to.hostRequests.add({ host });
        to.receivedBytes.add({ host }, event.bytes);
        to.hostDuration.observeMs({}, event.durationMs);
        break;
      }
      case 'failed':
        to.hostErrors.add({ host: this.#hosts.label(event.host), code: event.code });
        break;
      case 'ran':
        to.commandDuration.observeMs({}, event.durationMs);
        break;
      case 'copied':
        to.copiedBytes.add({ direction: event.direction }, event.bytes);
        break;
      case 'walled': {
        const host = this.#hosts.label(event.host);
        if (host !== otherHosts) this.#walls.set(host, event.wall);
        break;
      }
      case 'dialed':
        this.#dialed(event.host, event.durationMs);
        break;
      case 'dial_failed':
        if (event.code !== 'cancelled') this.#dialed(event.host, event.durationMs, event.code);
        break;
      case 'reused':
        to.reused.add({ host: this.#hosts.label(event.host) });
        break;
      case 'closed':
        to.closed.add({ why: event.why });
        if (event.why === 'evicted') to.evictions.add({});
        break;
      case 'waited':
        to.queueWait.observeMs({ queue: event.for }, event.durationMs);
        break;
      case 'host_key_accepted':
        to.hostKeysAccepted.add({ rule: event.rule });
        break;
      case 'queued':
      case 'payload':
        break;
    }
  };

  #answered({ of: kind, door: name, durationMs, bytes, code }: Answered): void {
    const to = this.#counted;
    to.calls.add({ kind, name });
    to.callDuration.observeMs({ kind, name }, durationMs);
    to.answerBytes.add({ kind, name }, bytes);
    if (durationMs > this.#slowThresholdMs) to.slowCalls.add({ kind, name });
    if (code === undefined) return;
    to.callErrors.add({ kind, name, code });
    if (code === 'rate_limited') to.rateLimited.add({});
  }

  #dialed(name: string, durationMs: number, code?: ErrorCode): void {
    const to = this.#counted;
    const host = this.#hosts.label(name);
    to.dials.add({ host });
    if (code !== undefined) to.dialErrors.add({ host, code });
    if (host !== otherHosts) to.hostUp.set({ host }, code === undefined ? 1 : 0);
    to.dialDuration.observeMs({ outcome: code === undefined ? 'ok' : 'failed' }, durationMs);
  }

  #wallFamily(): Family {
    return {
      name: 'scout_host_wall',
      help: 'The wall that holds commands on a host, last known.',
      type: 'gauge',
      samples: [...this.#walls].map(([host, level]) => ({ labels: { host, level }, value: 1 })),
    };
  }
}
