import type { ErrorCode } from './errors.ts';
import type { WallLevel } from './ssh/wall/report.ts';

/**
 * What the rooms below report of their work. Log and metrics listen; nobody below knows them. No event carries
 * remote text, key material or a path, but for `payload` and causes, of which the log alone tells.
 */
export type Observed = Happening & {
  /** Correlation id of the call that it happened for, where that is one. */
  readonly call?: string;
};

type Happening =
  | { readonly kind: 'dialed'; readonly host: string; readonly durationMs: number }
  | {
      readonly kind: 'dial_failed';
      readonly host: string;
      readonly code: ErrorCode;
      readonly durationMs: number;
      readonly cause?: unknown;
    }
  | { readonly kind: 'reused'; readonly host: string }
  | { readonly kind: 'queued'; readonly host: string; readonly for: Queue }
  /** The end of what `queued` began, whether the turn came or the caller left. */
  | { readonly kind: 'waited'; readonly host: string; readonly for: Queue; readonly durationMs: number }
  /** What holds the commands on a connection is known. */
  | { readonly kind: 'walled'; readonly host: string; readonly wall: WallLevel }
  | {
      readonly kind: 'closed';
      readonly host: string;
      readonly why: 'idle' | 'evicted' | 'lost' | 'shutdown';
    }
  /** A remote command ended, or was stopped. */
  | { readonly kind: 'ran'; readonly host: string; readonly durationMs: number; readonly bytes: number }
  /** A host's part of a call ended, well or not; `bytes` came from it. */
  | { readonly kind: 'worked'; readonly host: string; readonly durationMs: number; readonly bytes: number }
  | { readonly kind: 'copied'; readonly direction: Direction; readonly bytes: number }
  | {
      readonly kind: 'failed';
      readonly host: string;
      readonly code: ErrorCode;
      readonly durationMs: number;
      readonly cause?: unknown;
    }
  | { readonly kind: 'host_key_accepted'; readonly host: string; readonly rule: 'no' | 'accept-new' }
  /** A rule, not a failure, kept a call or a part of it from what it asked for; once a call and code. */
  | { readonly kind: 'refused'; readonly door: string; readonly code: ErrorCode }
  /** Secrets of one kind were replaced in an answer. */
  | { readonly kind: 'redacted'; readonly door: string; readonly secret: string; readonly count: number }
  | {
      readonly kind: 'answered';
      readonly of: 'tool' | 'resource';
      /** The name of the tool or the resource. */
      readonly door: string;
      readonly durationMs: number;
      readonly bytes: number;
      readonly code?: ErrorCode;
      readonly cause?: unknown;
    }
  /** What was asked and answered; reported only where SCOUT_LOG_PAYLOADS is on. */
  | { readonly kind: 'payload'; readonly door: string; readonly asked: unknown; readonly answer: string };

export type Queue = 'connection' | 'channel';
export type Direction = 'download' | 'upload' | 'between';

export type Observer = (event: Observed) => void;
