import { asScoutError, ScoutError } from '../../errors.ts';
import type { Log } from '../log.ts';

export type Signal = 'traces' | 'metrics';

/** Where the data of one signal goes, and how. */
export interface Target {
  readonly signal: Signal;
  readonly url: URL;
  readonly protocol: 'http/json' | 'http/protobuf';
  /** May hold credentials: never logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly compression: 'gzip' | 'none';
  /** Paths of PEM files. */
  readonly tls: { readonly ca?: string; readonly key?: string; readonly cert?: string };
}

export interface PushSettings {
  readonly traces: Target | undefined;
  readonly metrics: Target | undefined;
  readonly metricsIntervalMs: number;
  readonly spansDelayMs: number;
  readonly mostQueuedSpans: number;
  readonly mostSpansAtOnce: number;
  readonly resource: Readonly<Record<string, string>>;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables of the OpenTelemetry specification ("OTLP Exporter Configuration", "SDK Environment Variables") that
 * have a meaning here. One that cannot be followed turns its signal off, and is named in the log without its value.
 */
export function pushSettings(env: Env, log: Log): PushSettings {
  const target = (signal: Signal): Target | undefined => {
    try {
      return targetOf(env, signal);
    } catch (thrown) {
      log('error', 'otlp', { signal, problem: asScoutError(thrown).message });
      return undefined;
    }
  };
  return {
    traces: target('traces'),
    metrics: target('metrics'),
    metricsIntervalMs: positive(env.OTEL_METRIC_EXPORT_INTERVAL, 60_000),
    spansDelayMs: positive(env.OTEL_BSP_SCHEDULE_DELAY, 5_000),
    mostQueuedSpans: positive(env.OTEL_BSP_MAX_QUEUE_SIZE, 2_048),
    mostSpansAtOnce: positive(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 512),
    resource: {
      ...pairs(env.OTEL_RESOURCE_ATTRIBUTES ?? ''),
      ...(env.OTEL_SERVICE_NAME && { 'service.name': env.OTEL_SERVICE_NAME }),
    },
  };
}

/** Throws ScoutError `invalid_argument`. */
function targetOf(env: Env, signal: Signal): Target | undefined {
  const upper = signal.toUpperCase();
  const exporters = (env[`OTEL_${upper}_EXPORTER`] || 'otlp').split(',').map((name) => name.trim());
  if (!exporters.includes('otlp')) return undefined;
  const named = (name: string): [variable: string, value: string] | undefined => {
    for (const variable of [`OTEL_EXPORTER_OTLP_${upper}_${name}`, `OTEL_EXPORTER_OTLP_${name}`]) {
      const value = env[variable]?.trim();
      if (value) return [variable, value];
    }
    return undefined;
  };
  const oneOf = <const T extends string>(name: string, first: T, ...further: readonly T[]): T => {
    const [variable, value] = named(name) ?? [name, first];
    const found = [first, ...further].find((each) => each === value.toLowerCase());
    if (found === undefined) throw wrong(variable, `be ${[first, ...further].join(' or ')}`);
    return found;
  };
  const endpoint = named('ENDPOINT');
  if (!endpoint && env[`OTEL_${upper}_EXPORTER`] === undefined) return undefined; // the other signal was asked for
  const file = (key: string, name: string) => (named(name) ? { [key]: named(name)?.[1] } : {});
  return {
    signal,
    url: urlOf(...(endpoint ?? ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318']), signal),
    protocol: oneOf('PROTOCOL', 'http/json', 'http/protobuf'),
    headers: pairs(named('HEADERS')?.[1] ?? ''),
    timeoutMs: positive(named('TIMEOUT')?.[1], 10_000),
    compression: oneOf('COMPRESSION', 'none', 'gzip'),
    tls: {
      ...file('ca', 'CERTIFICATE'),
      ...file('key', 'CLIENT_KEY'),
      ...file('cert', 'CLIENT_CERTIFICATE'),
    },
  };
}

/** The variable of one signal is its URL as it is; the one for all is the directory that the signals are in. */
function urlOf(variable: string, value: string, signal: Signal): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong(variable, 'be an http:// or https:// URL');
  if (url.username || url.password) throw wrong(variable, 'hold no password: use OTEL_EXPORTER_OTLP_HEADERS');
  if (variable === 'OTEL_EXPORTER_OTLP_ENDPOINT')
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`;
  return url;
}

/** `key=value,key=value`, percent-encoded as W3C baggage is. What is no pair is left out. */
function pairs(text: string): Record<string, string> {
  const found = text.split(',').flatMap((pair) => {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals).trim();
    return equals > 0 && key !== '' ? [[key, decoded(pair.slice(equals + 1).trim())] as const] : [];
  });
  return Object.fromEntries(found);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function positive(text: string | undefined, fallback: number): number {
  const value = Number(text?.trim() || fallback);
  return Number.isSafeInteger(value) && value > 0 && value < 2 ** 31 ? value : fallback;
}

function wrong(variable: string, must: string): ScoutError {
  return new ScoutError('invalid_argument', `${variable} must ${must}`, 'Correct it, and start again.');
}
