import type { ErrorCode } from './errors.ts';

/**
 * What the rooms below report of their work. Log, counters and, later, audit, metrics and traces listen; nobody
 * below knows them. No event carries remote text, key material or a path, but for `payload`.
 */
export type Observed =
  | { readonly kind: 'dialed'; readonly host: string; readonly durationMs: number }
  | {
      readonly kind: 'dial_failed';
      readonly host: string;
      readonly code: ErrorCode;
      readonly durationMs: number;
    }
  | { readonly kind: 'reused'; readonly host: string }
  | { readonly kind: 'queued'; readonly host: string; readonly for: 'connection' | 'channel' }
  | {
      readonly kind: 'closed';
      readonly host: string;
      readonly why: 'idle' | 'evicted' | 'lost' | 'shutdown';
    }
  | { readonly kind: 'ran'; readonly host: string; readonly durationMs: number; readonly bytes: number }
  | {
      readonly kind: 'failed';
      readonly host: string;
      readonly code: ErrorCode;
      readonly durationMs: number;
      readonly cause?: unknown;
    }
  | { readonly kind: 'host_key_accepted'; readonly host: string; readonly rule: 'no' | 'accept-new' }
  | {
      readonly kind: 'answered';
      readonly door: string;
      readonly durationMs: number;
      readonly bytes: number;
      readonly code?: ErrorCode;
      readonly cause?: unknown;
    }
  /** What was asked and answered; reported only where SCOUT_LOG_PAYLOADS is on. */
  | { readonly kind: 'payload'; readonly door: string; readonly asked: unknown; readonly answer: string };

export type Observer = (event: Observed) => void;
