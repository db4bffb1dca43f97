import { Counter, Gauge, Histogram } from './instruments.ts';

/** What is counted from what is observed (docs/telemetry.md). */
export function counted() {
  return {
    calls: new Counter('scout_calls_total', 'Calls that ended.', 'kind', 'name'),
    callErrors: new Counter(
      'scout_call_errors_total',
      'Calls that failed as a whole.',
      'kind',
      'name',
      'code',
    ),
    callDuration: new Histogram('scout_call_duration_seconds', 'How long calls took.', 'kind', 'name'),
    slowCalls: new Counter(
      'scout_slow_calls_total',
      'Calls slower than SCOUT_SLOW_THRESHOLD_MS.',
      'kind',
      'name',
    ),
    answerBytes: new Counter('scout_answer_bytes_total', 'Bytes of answers.', 'kind', 'name'),
    refusals: new Counter(
      'scout_refusals_total',
      'Calls, or parts of calls, that a rule refused; once a call and code.',
      'code',
    ),
    rateLimited: new Counter('scout_rate_limited_total', 'Calls refused because they came too fast.'),
    redactions: new Counter('scout_redactions_total', 'Secrets replaced in remote text.', 'secret'),
    hostRequests: new Counter('scout_host_requests_total', 'Pieces of work on a host that ended.', 'host'),
    hostErrors: new Counter('scout_host_errors_total', 'What failed on a host.', 'host', 'code'),
    hostDuration: new Histogram('scout_host_duration_seconds', 'How long one host took of a call.'),
    commandDuration: new Histogram('scout_command_duration_seconds', 'How long remote commands ran.'),
    receivedBytes: new Counter(
      'scout_received_bytes_total',
      'Bytes that came from a host for a call.',
      'host',
    ),
    copiedBytes: new Counter('scout_copied_bytes_total', 'Bytes copied by scout_beam.', 'direction'),
    hostUp: new Gauge('scout_host_up', 'Whether the last try to connect worked.', 'host'),
    reused: new Counter(
      'scout_connections_reused_total',
      'Uses of a connection that was open already.',
      'host',
    ),
    closed: new Counter('scout_connections_closed_total', 'Connections closed.', 'why'),
    dials: new Counter('scout_dials_total', 'Tries to connect that ended.', 'host'),
    dialErrors: new Counter('scout_dial_errors_total', 'Tries to connect that failed.', 'host', 'code'),
    dialDuration: new Histogram(
      'scout_dial_duration_seconds',
      'TCP, handshake and login, all hops.',
      'outcome',
    ),
    evictions: new Counter(
      'scout_pool_evictions_total',
      'Idle connections closed because another host needed the place.',
    ),
    queueWait: new Histogram(
      'scout_queue_wait_seconds',
      'How long calls waited for their turn, if they had to.',
      'queue',
    ),
    hostKeysAccepted: new Counter(
      'scout_host_keys_accepted_total',
      'Host keys taken without a person.',
      'rule',
    ),
  };
}
