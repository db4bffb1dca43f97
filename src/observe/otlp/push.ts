import { hostname } from 'node:os';
import { ScoutError } from '../../errors.ts';
import { version } from '../../version.ts';
import type { Log } from '../log.ts';
import type { Family } from '../metrics/family.ts';
import { Counter } from '../metrics/instruments.ts';
import type { Figures } from '../metrics/metrics.ts';
import { metricsMessage, tracesMessage } from './messages.ts';
import { pushSettings, type Signal, type Target } from './push-settings.ts';
import { type Sent, send } from './sender.ts';
import { SpanQueue } from './span-queue.ts';
import { TraceRecorder } from './trace-recorder.ts';

/** What a push at the end of the process may take. */
const lastPushMs = 450;

export type Push = ReturnType<typeof createPush>;

/** Traces and metrics by OTLP over HTTP. No failure of the collector is felt by a call; it is logged once. */
export function createPush(env: NodeJS.ProcessEnv, log: Log) {
  const settings = pushSettings(env, log);
  const { traces, metrics } = settings;
  const startMs = Date.now();
  const resource = {
    'service.name': 'scout-mcp',
    'service.version': version,
    'host.name': hostname(),
    'process.pid': process.pid,
    'telemetry.sdk.name': 'scout-mcp',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': version,
    ...settings.resource,
  };
  const exports = new Counter('scout_otlp_exports_total', 'Pushes by OTLP.', 'signal', 'outcome');
  const queue = new SpanQueue(settings.mostQueuedSpans);
  const stopped = new AbortController();
  const lastProblems = new Map<Signal, string>();
  const timers: NodeJS.Timeout[] = [];
  let collect: Figures = async () => [];
  let sending: Promise<void> = Promise.resolve();

  const reported = (signal: Signal, sent: Sent) => {
    exports.add({ signal, outcome: sent.ok ? 'ok' : 'failed' });
    const problem = sent.ok ? '' : sent.why;
    if (problem !== '' && problem !== lastProblems.get(signal)) log('warn', 'otlp', { signal, problem });
    lastProblems.set(signal, problem);
  };

  /** All that is queued, until one push fails: what may be sent again waits for the next time. */
  const pushTraces = async (target: Target) => {
    while (queue.size > 0) {
      const spans = queue.take(settings.mostSpansAtOnce);
      const sent = await send(target, tracesMessage(spans, resource), stopped.signal);
      reported('traces', sent);
      if (sent.ok) continue;
      if (sent.again) queue.giveBack(spans);
      else queue.droppedCount += spans.length;
      return;
    }
  };

  const pushMetrics = async (target: Target) => {
    const message = metricsMessage(await collect(), resource, startMs, Date.now());
    reported('metrics', await send(target, message, stopped.signal));
  };

  /** One push at a time; `what` never rejects. */
  const inTurn = (what: () => Promise<void>) => {
    sending = sending.then(what);
    return sending;
  };

  const every = (ms: number, what: () => Promise<void>) => {
    let isWaiting = false;
    const timer = setInterval(() => {
      if (isWaiting) return;
      isWaiting = true;
      void inTurn(what).finally(() => {
        isWaiting = false;
      });
    }, ms);
    timers.push(timer.unref());
  };

  return {
    tracer: traces && new TraceRecorder((span) => queue.push(span)),

    figures: async (): Promise<readonly Family[]> => [
      exports.read(),
      {
        name: 'scout_otlp_dropped_spans_total',
        help: 'Spans that were not sent.',
        type: 'counter',
        samples: [{ labels: {}, value: queue.droppedCount }],
      },
    ],

    /** Push from now on. */
    start: (figures: Figures): void => {
      collect = figures;
      if (traces) every(settings.spansDelayMs, () => pushTraces(traces));
      if (metrics) every(settings.metricsIntervalMs, () => pushMetrics(metrics));
    },

    /** Push what there is, and stop; never takes longer than `lastPushMs`. */
    close: async (): Promise<void> => {
      for (const timer of timers) clearInterval(timer);
      const limit = setTimeout(
        () => stopped.abort(new ScoutError('cancelled', 'scout-mcp is shutting down', 'Start it again.')),
        lastPushMs,
      );
      await inTurn(async () => {
        await Promise.all([traces && pushTraces(traces), metrics && pushMetrics(metrics)]);
      });
      clearTimeout(limit);
    },
  };
}
