import type { Resource } from '../define.ts';

export const metrics: Resource = {
  uri: 'scout-mcp://metrics',
  name: 'metrics',
  title: 'Metrics of this server',
  description:
    'Calls, errors, refusals, connections, durations and memory, as Prometheus text (docs/telemetry.md)',
  mimeType: 'text/plain; version=0.0.4',
  read: (context) => context.metricsText(),
};
