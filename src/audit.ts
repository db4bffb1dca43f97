import type { ErrorCode } from './errors.ts';

/** What was asked for, before anything is checked. */
export type Asked = { readonly tool: string; readonly arguments: unknown } | { readonly resource: string };

/** What is done on one host: the canonical command, a path, or a look at the port without a login. */
export type HostAction =
  | { readonly command: string; readonly cwd: string }
  | { readonly path: string }
  | { readonly probe: true };

/** What came of it. */
export interface AuditOutcome {
  readonly outcome: 'ok' | ErrorCode;
  /** Of a remote command that ran to its end. */
  readonly exitCode?: number | undefined;
  /** What came from the machine, or went to the caller. */
  readonly bytes: number;
}

/** Something that was announced in the audit log, and must be ended there once. */
export interface AuditStep {
  /** Write the outcome. Throws ScoutError `audit_unavailable`: then the answer must not be given. */
  end(outcome: AuditOutcome): void;
}

/** What an operation knows of the audit log: it can say what it is about to do on a host. */
export interface CallAudit {
  /** Write the intent. Throws ScoutError `audit_unavailable`: then it must not be done. */
  onHost(host: string, action: HostAction): AuditStep;
}

/** The audit log as the answer room sees it. */
export interface Audit {
  /** Write the intent of a call. Throws ScoutError `audit_unavailable`: then the call must not begin. */
  begin(callId: string, asked: Asked): CallAudit & AuditStep;
}
