import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, type ServerHere, serveHere, startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { readExposition } from '../observe/metrics/exposition.ts';
import { decodeMetrics, decodeTraces, facts, type SentSpan } from '../observe/otlp/decoded.ts';
import { type Receiver, startReceiver } from '../observe/otlp/receiver.ts';

let sshd: Sshd;
let config: string;
let directory: string;
let receiver: Receiver;
let server: RunningServer | ServerHere | undefined;

beforeAll(async () => {
  sshd = await startSshd();
  config = sshd.writeConfig('web1', sshd.configFor('off1', { Port: '1' }));
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-telemetry-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await receiver.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<ServerHere> {
  const here = await serveHere(config, { ...exporting(), ...settings });
  server = here;
  return here;
}

const exporting = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '30' });

function spans(): SentSpan[] {
  const requests = receiver.received.filter(({ path }) => path === '/v1/traces');
  return requests.flatMap(({ body }) => decodeTraces(body).spans);
}

const idOf = (result: { _meta?: Record<string, unknown> }) => String(result._meta?.['scout-mcp/call_id']);
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

describe('one call', () => {
  it('has one correlation id in its result, its log lines, its audit lines and its trace', async () => {
    const audit = join(directory, 'audit.jsonl');
    const running = await startServer(config, {
      ...exporting(),
      SCOUT_AUDIT_LOG: audit,
      SCOUT_LOG_FORMAT: 'json',
      SCOUT_LOG_LEVEL: 'debug',
      SCOUT_SLOW_THRESHOLD_MS: '0',
    });
    server = running;
    const args = { hosts: 'web1', command: 'uname' };
    const id = idOf(await running.callTool('scout_query', args, { traceparent }));
    const other = idOf(await running.callTool('scout_query', args));
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(other).not.toBe(id);

    const logged = running
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ call }) => call === id);
    expect(logged.map(({ message }) => message)).toEqual(['ran', 'worked', 'slow call']);
    expect(logged.at(-1)).toMatchObject({ level: 'warn', door: 'scout_query' });

    const lines = readFileSync(audit, 'utf8').trim().split('\n');
    const audited = lines.map((line) => JSON.parse(line)).filter(({ call }) => call === id);
    expect(audited.map(({ event, host }) => [event, host])).toEqual([
      ['intent', undefined],
      ['intent', 'web1'],
      ['outcome', 'web1'],
      ['outcome', undefined],
    ]);

    await until(() => spans().some(({ spanId }) => spanId === other));
    const root = spans().find(({ spanId }) => spanId === id);
    expect(root).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7', name: 'tools/call scout_query' });
    expect(facts(root?.attributes ?? [])).toMatchObject({ 'scout.call_id': id, 'scout.kind': 'tool' });
  });

  it('that reads a resource has it too, and one that fails says it in its error', async () => {
    const running = await start();
    const read = await running.request('resources/read', { uri: 'scout-mcp://health' });
    const failed = await running.request('resources/read', { uri: 'scout://nowhere/etc/hostname' });
    const failedId = String(Object(failed.error?.data).call_id);
    await until(() => spans().some(({ spanId }) => spanId === failedId));
    const byId = (id: string) => spans().find(({ spanId }) => spanId === id);
    expect(byId(idOf(read.result))).toMatchObject({ name: 'resources/read health' });
    expect(facts(byId(failedId)?.attributes ?? [])).toMatchObject({ 'error.type': 'unknown_host' });
  });

  it('is a trace: the call, its hosts, and on each the dial, the channel and the command', async () => {
    const running = await start();
    const id = idOf(await running.callTool('scout_query', { hosts: '*', command: 'false' }, { traceparent }));
    await until(() => spans().some(({ spanId }) => spanId === id));
    const all = spans();
    const below = (parent: string | undefined) => all.filter(({ parentSpanId }) => parentSpanId === parent);
    const hostOf = (name: string) =>
      below(id).find(({ attributes }) => facts(attributes)['scout.host'] === name);
    expect(facts(hostOf('web1')?.attributes ?? [])).toMatchObject({
      'scout.exit_code': '1',
      'scout.bytes': '0',
    });
    expect(facts(hostOf('off1')?.attributes ?? [])).toMatchObject({ 'error.type': 'unreachable' });
    expect(hostOf('off1')?.status).toEqual({ code: 2 });
    const steps = (name: string) => below(hostOf(name)?.spanId).map((span) => span.name);
    expect(steps('web1')).toEqual(['dial', 'channel', 'command']);
    expect(steps('off1')).toEqual(['dial']);
    expect(new Set(all.map((span) => span.traceId))).toEqual(new Set([traceId]));

    const again = idOf(await running.callTool('scout_query', { hosts: 'web1', command: 'true' }));
    await until(() => spans().some(({ spanId }) => spanId === again));
    const [host] = spans().filter(({ parentSpanId }) => parentSpanId === again);
    const further = spans().filter(({ parentSpanId }) => parentSpanId === host?.spanId);
    expect(further.map(({ name }) => name)).toEqual(['channel', 'command']);
  });
});

describe('what leaves the process', () => {
  const token = 'ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  const call = { hosts: 'web1', command: `echo very-private-words ${token}` };

  it('has no word of a command in it', async () => {
    const running = await start();
    await running.callTool('scout_query', call);
    await running.stop();
    expect(spans().length).toBeGreaterThan(3);
    expect(Buffer.concat(receiver.received.map(({ body }) => body)).toString()).not.toContain(
      'very-private-words',
    );
  });

  it('has what was asked, without secrets, by SCOUT_LOG_PAYLOADS', async () => {
    const running = await start({ SCOUT_LOG_PAYLOADS: 'on' });
    await running.callTool('scout_query', call);
    await running.stop();
    const asked = spans().map(({ attributes }) => facts(attributes)['scout.asked'] ?? '');
    expect(asked.join('')).toContain('very-private-words [redacted:');
    expect(asked.join('')).not.toContain(token);
  });

  it('is sent at the end: the last spans, and the metrics', async () => {
    const running = await start({ OTEL_BSP_SCHEDULE_DELAY: '100000' });
    await running.callTool('scout_query', { hosts: 'web1', command: 'true' });
    await running.stop();
    expect(spans().map(({ name }) => name)).toContain('tools/call scout_query');
    const metrics = receiver.received.filter(({ path }) => path === '/v1/metrics');
    const last = decodeMetrics(metrics.at(-1)?.body ?? Buffer.alloc(0)).metrics;
    expect(last.map(({ name }) => name)).toContain('scout_calls_total');
    expect(last.map(({ name }) => name)).toContain('scout_host_up');
  });

  it('does not keep a server from ending in time, nor a call from its answer, when the collector hangs', async () => {
    receiver.hangs = true;
    const running = await start();
    const startedMs = performance.now();
    await running.callTool('scout_query', { hosts: 'web1', command: 'true' });
    await until(() => receiver.received.length > 0);
    await running.callTool('scout_query', { hosts: 'web1', command: 'true' });
    expect(performance.now() - startedMs).toBeLessThan(8_000); // a push has 10 s
    const endedMs = performance.now();
    await running.stop();
    expect(performance.now() - endedMs).toBeLessThan(2_000);
    expect(await running.exited).toBe(0);
  });
});

describe('metrics', () => {
  it('are a resource, with the calls that were made', async () => {
    const running = await start();
    await running.callTool('scout_query', { hosts: 'web1', command: 'true' });
    const { result } = await running.request('resources/read', { uri: 'scout-mcp://metrics' });
    const [{ mimeType, text }] = result.contents;
    expect(mimeType).toBe('text/plain; version=0.0.4');
    const { value } = readExposition(text);
    expect(value('scout_calls_total', { kind: 'tool', name: 'scout_query' })).toBe(1);
    expect(value('scout_connections_idle', { host: 'web1' })).toBe(1);
  });

  it('are not written to SCOUT_METRICS_FILE by a copy that is thrown away at once', async () => {
    const running = await start({ SCOUT_METRICS_FILE: join(directory, 'scout-%p.prom') });
    await running.callTool('scout_hosts', {});
    await running.stop();
    expect(readdirSync(directory)).toEqual([]);
    expect(await running.exited).toBe(0);
  });
});
