/** Every code that an answer may carry. Names are part of the product contract. */
export const errorCodes = [
  'invalid_argument',
  'invalid_target',
  'unknown_host',
  'result_expired',
  'dns_failed',
  'unreachable',
  'connect_timeout',
  'host_key_unknown',
  'host_key_changed',
  'host_key_revoked',
  'auth_failed',
  'proxy_failed',
  'no_shell',
  'no_sftp',
  'wall_missing',
  'path_not_found',
  'path_denied',
  'permission_denied',
  'not_a_directory',
  'unsupported_file',
  'not_available',
  'command_refused',
  'command_timeout',
  'connection_lost',
  'output_limit',
  'rate_limited',
  'busy',
  'cancelled',
  'audit_unavailable',
  'beam_disabled',
  'beam_outside_roots',
  'exists',
  'transfer_failed',
  'verify_failed',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error that may reach a person or a model. `message` says what failed on which host, `fix` the next
 * step to take. Neither may hold key material, a secret path, an environment value, or words of a machine: those
 * stand between markers, and an error has none. What went wrong underneath goes to `cause`, which only the log may see.
 */
export class ScoutError extends Error {
  readonly code: ErrorCode;
  readonly fix: string;

  constructor(code: ErrorCode, message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ScoutError';
    this.code = code;
    this.fix = fix;
  }
}

/** Whatever was thrown, as a ScoutError: a defect of ours becomes `internal` and keeps its details in `cause`. */
export function asScoutError(thrown: unknown): ScoutError {
  if (thrown instanceof ScoutError) return thrown;
  return new ScoutError(
    'internal',
    'scout-mcp met a condition it does not handle',
    'Run the server with SCOUT_INCLUDE_TRACEBACK=on, repeat the call, and report what its log on stderr says.',
    thrown,
  );
}

/** An error as every door shows it: `CODE: what failed` and a line with the next step. */
export function formatError({ code, message, fix }: ScoutError): string {
  return `${code}: ${message}\nFix: ${fix}`;
}
