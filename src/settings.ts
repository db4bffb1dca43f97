import { defaultDenyPaths } from './deny-paths.ts';
import {
  choice,
  denyPaths,
  duration,
  durationMs,
  integer,
  type Kind,
  list,
  onOff,
  optionalChoice,
  optionalDuration,
  optionalList,
  path,
  size,
} from './setting-kinds.ts';

export interface Setting<T> extends Kind<T> {
  readonly variable: string;
  readonly fallback: T;
  /** The default as a person reads it. */
  readonly defaultText: string;
  readonly meaning: string;
}

/** Every setting of the product, once. README's table, the flags of `serve` and `Config` all come from here. */
export const settings = {
  sshConfig: setting(
    'SCOUT_SSH_CONFIG',
    path(),
    undefined,
    '`~/.ssh/config` then `/etc/ssh/ssh_config`',
    'OpenSSH client configuration',
  ),
  sshEngine: setting(
    'SCOUT_SSH_ENGINE',
    choice('auto', 'ssh2', 'openssh'),
    'auto',
    '`auto`',
    'what carries the SSH protocol: the built-in `ssh2`, or `openssh`, the installed `ssh`',
  ),
  matchExec: setting(
    'SCOUT_MATCH_EXEC',
    onOff(),
    true,
    '`on`',
    '`off`: `Match exec` never runs and never matches',
  ),
  hosts: setting(
    'SCOUT_HOSTS',
    list(),
    [],
    'all',
    'comma-separated patterns, `!` excludes: the hosts that exist for this server',
  ),
  knownHosts: setting(
    'SCOUT_KNOWN_HOSTS',
    path(),
    undefined,
    'from the ssh configuration',
    'known_hosts file used instead of the configured ones',
  ),
  strictHostKeyChecking: setting(
    'SCOUT_STRICT_HOST_KEY_CHECKING',
    optionalChoice('yes', 'accept-new', 'no', 'ask'),
    undefined,
    'from the ssh configuration',
    '`yes` refuses unknown keys, `accept-new` saves them, `no` also goes on past changed ones (with a warning), `ask` is `yes` unless the client can ask its human',
  ),
  maxFileSizeBytes: setting(
    'SCOUT_MAX_FILE_SIZE',
    size(1, 1024 ** 3),
    1024 ** 2,
    '1 MiB',
    'bytes of one file that one call may return (skipping to an offset does not count)',
  ),
  maxOutputSizeBytes: setting(
    'SCOUT_MAX_OUTPUT_SIZE',
    size(1024, 1024 ** 3),
    10 * 1024 ** 2,
    '10 MiB',
    'bytes that one call may gather over all its hosts; hosts share it fairly',
  ),
  pageSizeBytes: setting(
    'SCOUT_PAGE_SIZE',
    size(1024, 16 * 1024 ** 2),
    24 * 1024,
    '24 KiB',
    'bytes of one answer (the larger of text and structured form); the rest is kept and reachable by page',
  ),
  callTimeoutMs: setting(
    'SCOUT_CALL_TIMEOUT',
    duration(100, 86_400_000),
    50_000,
    '50 s',
    'the deadline of one call, all hosts together',
  ),
  commandTimeoutMs: setting(
    'SCOUT_COMMAND_TIMEOUT',
    duration(100, 86_400_000),
    30_000,
    '30 s',
    'the deadline on one host, from the moment its turn comes: connecting, opening the channel and the command',
  ),
  connectTimeoutMs: setting(
    'SCOUT_SSH_CONNECT_TIMEOUT',
    optionalDuration(100, 3_600_000),
    undefined,
    'the host’s `ConnectTimeout`, else 15 s',
    'TCP, handshake and authentication, all hops together',
  ),
  idleTimeoutMs: setting(
    'SCOUT_IDLE_TIMEOUT',
    duration(100, 86_400_000),
    60_000,
    '60 s',
    'an unused connection is closed after this; one in use never is',
  ),
  maxPoolSize: setting(
    'SCOUT_MAX_POOL_SIZE',
    integer(1, 10_000),
    100,
    '100',
    'open connections, jumps not counted; past it the least recently used idle one is closed, else callers queue',
  ),
  maxChannelsPerHost: setting(
    'SCOUT_MAX_CHANNELS_PER_HOST',
    integer(1, 1_000),
    8,
    '8',
    'channels at once on one connection; further calls queue, first come first served',
  ),
  fanout: setting('SCOUT_FANOUT', integer(1, 1_000), 32, '32', 'hosts worked on at once by one call'),
  queryPolicy: setting(
    'SCOUT_QUERY_POLICY',
    choice('readonly', 'walled', 'off', 'unrestricted'),
    'readonly',
    '`readonly`',
    '`readonly`: only commands that cannot change anything; `walled`: any command, on hosts with the full kernel wall; `off`: scout_query is not offered; `unrestricted`: any command, and the tool is marked destructive',
  ),
  kernelWall: setting(
    'SCOUT_KERNEL_WALL',
    choice('auto', 'require', 'off'),
    'auto',
    '`auto`',
    '`require`: a host without a kernel wall is refused; `off`: none is built',
  ),
  denyPaths: setting(
    'SCOUT_DENY_PATHS',
    denyPaths(),
    defaultDenyPaths(),
    'private keys, `/etc/shadow` and its kind, cloud and cluster credentials, `/proc/*/environ`, `/proc/*/mem`',
    'paths never read, and all below them; the list replaces the built-in one unless `default` is in it',
  ),
  nice: setting(
    'SCOUT_NICE',
    onOff(),
    true,
    '`on`',
    'remote work runs under `nice` and `ionice` where they exist',
  ),
  beam: setting(
    'SCOUT_BEAM',
    choice('off', 'download', 'upload', 'on'),
    'off',
    '`off`',
    'which ways scout_beam may copy; `off`: it is not offered',
  ),
  beamRoots: setting(
    'SCOUT_BEAM_ROOTS',
    optionalList(),
    undefined,
    'the client’s MCP roots',
    'local directories that scout_beam may read and write',
  ),
  beamConfirmSizeBytes: setting(
    'SCOUT_BEAM_CONFIRM_SIZE',
    size(0, 1024 ** 5),
    100 * 1024 ** 2,
    '100 MiB',
    'above it, and before an overwrite, the human is asked if the client can',
  ),
  rateLimitPerMinute: setting(
    'SCOUT_RATE_LIMIT_PER_MINUTE',
    integer(0, 1_000_000),
    600,
    '600',
    'tool calls and resource reads a minute; 0 turns the limit off',
  ),
  rateLimitBurst: setting(
    'SCOUT_RATE_LIMIT_BURST',
    integer(0, 1_000_000),
    100,
    '100',
    'calls that may come at once; 0 turns the limit off',
  ),
  auditLog: setting('SCOUT_AUDIT_LOG', path(), undefined, 'none', 'JSON-lines file of every operation'),
  metricsFile: setting(
    'SCOUT_METRICS_FILE',
    path(),
    undefined,
    'none',
    'Prometheus text file, rewritten every 15 s and removed at the end; `%p` becomes the process id',
  ),
  redact: setting(
    'SCOUT_REDACT',
    onOff(),
    true,
    '`on`',
    'private keys and well-known token formats in remote text become `[redacted:KIND]`',
  ),
  logLevel: setting(
    'SCOUT_LOG_LEVEL',
    choice('info', 'debug', 'warn', 'error', 'silent'),
    'info',
    '`info`',
    'how much goes to stderr',
  ),
  logFormat: setting('SCOUT_LOG_FORMAT', choice('text', 'json'), 'text', '`text`', '`json` for machines'),
  logPayloads: setting('SCOUT_LOG_PAYLOADS', onOff(), false, '`off`', 'log arguments and results (redacted)'),
  includeTraceback: setting(
    'SCOUT_INCLUDE_TRACEBACK',
    onOff(),
    false,
    '`off`',
    'stack traces in logs (never in answers)',
  ),
  slowThresholdMs: setting(
    'SCOUT_SLOW_THRESHOLD_MS',
    durationMs(0, 3_600_000),
    1_000,
    '1000',
    'a slower call is logged as a warning (milliseconds)',
  ),
} as const;

function setting<T>(
  variable: string,
  kind: Kind<T>,
  fallback: NoInfer<T>,
  defaultText: string,
  meaning: string,
): Setting<T> {
  return { variable, ...kind, fallback, defaultText, meaning };
}
