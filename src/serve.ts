import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Answerer } from './answer/answerer.ts';
import { ResultStore } from './answer/kept-results.ts';
import type { ClientSide } from './call.ts';
import type { Config } from './config.ts';
import { localPlaces } from './local/local-places.ts';
import { ownFiles } from './local/own-files.ts';
import { askHuman, canAskHuman } from './mcp/ask-human.ts';
import { clientRoots } from './mcp/client-roots.ts';
import type { Greeting } from './mcp/front-desk.ts';
import { LineTransport } from './mcp/line-transport.ts';
import { connect, createMcpServer } from './mcp/mcp-server.ts';
import { AuditLog } from './observe/audit-log.ts';
import type { Log } from './observe/log.ts';
import { logEvents } from './observe/log-events.ts';
import { Metrics } from './observe/metrics/metrics.ts';
import { MetricsFile } from './observe/metrics/metrics-file.ts';
import { processFigures } from './observe/metrics/process-figures.ts';
import { prometheusText } from './observe/metrics/prometheus-text.ts';
import { stateFigures } from './observe/metrics/state-figures.ts';
import { loadPush } from './observe/otlp/load-push.ts';
import type { Push } from './observe/otlp/push.ts';
import type { Observer } from './observer.ts';
import { readHealth } from './operations/read-health.ts';
import { prompts } from './prompts/index.ts';
import { noRedaction, type OnRedacted, toRemoteText } from './remote-text.ts';
import { resources } from './resources/index.ts';
import { HostBook } from './ssh/hosts/host-book.ts';
import { HostKeyGate } from './ssh/known-hosts/host-key-gate.ts';
import { SessionPool } from './ssh/pool/session-pool.ts';
import { tools } from './tools/index.ts';

/** Calls in flight may finish this long after the client closed stdin. */
const eofGraceMs = 1_000;
/** What stopping remote commands and saying goodbye may take. */
const goodbyeMs = 300;
const hardExitMs = 1_800;
/** What a client asks together with its greeting comes before what its first call needs. */
const prepareAfterMs = 50;

/** Everything that one process works with. */
export interface Scout {
  readonly answerer: Answerer;
  readonly hosts: HostBook;
  readonly metrics: Pick<Metrics, 'collect'>;
  /** The settings, with the home directory in the place of `~`. */
  readonly config: Config;
  /** Load what the first connection needs, and watch the ssh configuration: nobody may ever ask for a host. */
  prepare(): void;
  /** Stop every call and remote command, close every connection. */
  close(): Promise<void>;
}

/**
 * Put the parts together. Nothing is connected, looked up, read or written before the first call. Without a client an
 * unknown host key is refused where the rule is to ask.
 */
export function assemble(
  settings: Config,
  env: NodeJS.ProcessEnv,
  log: Log,
  client?: ClientSide,
  push?: Push,
): Scout {
  const homeDir = env.HOME || homedir();
  const path = (text: string | undefined) => (text?.startsWith('~/') ? join(homeDir, text.slice(2)) : text);
  const config = {
    ...settings,
    sshConfig: path(settings.sshConfig),
    knownHosts: path(settings.knownHosts),
    auditLog: path(settings.auditLog),
    metricsFile: path(settings.metricsFile),
  };
  const metrics = new Metrics({
    slowThresholdMs: config.slowThresholdMs,
    isListed: (host) => hosts.isListed(host),
  });
  const logEvent = logEvents(log, config);
  const observe: Observer = (event) => {
    metrics.observe(event);
    logEvent(event);
  };
  const hosts = new HostBook({
    configFile: config.sshConfig,
    patterns: config.hosts,
    matchExec: config.matchExec,
    env,
    homeDir,
  });
  const hostKeys = new HostKeyGate({
    override: config.knownHosts,
    checking: config.strictHostKeyChecking,
    env,
    observe,
    ask: client?.ask,
  });
  const pool = new SessionPool({ config, hosts, hostKeys, env, observe });
  const local = localPlaces({
    roots: config.beamRoots,
    clientRoots: client?.roots,
    denied: config.denyPaths,
    own: ownFiles(config, homeDir),
    homeDir,
  });
  const kept = new ResultStore();
  const redact = config.redact ? undefined : noRedaction;
  const clean = (remote: Uint8Array, onRedacted?: OnRedacted) => toRemoteText(remote, redact, onRedacted);
  const startedMs = Date.now() - performance.now();
  const metricsText = async () => prometheusText(await metrics.collect());
  const context = { config, hosts, pool, local, client, kept, clean, observe, metricsText, startedMs };
  const audit = config.auditLog === undefined ? undefined : new AuditLog(config.auditLog, log);
  const answerer = new Answerer(context, { tools, resources, prompts }, audit, push?.tracer);
  metrics.addSource(() => processFigures(startedMs));
  const health = async () => (await readHealth(context)).status;
  metrics.addSource(stateFigures({ pool, hosts, kept, callsInProgress: () => answerer.underWay, health }));
  if (push) metrics.addSource(push.figures);
  push?.start(() => metrics.collect());
  return {
    answerer,
    hosts,
    metrics,
    config,
    prepare: () => {
      hosts.begin(startedMs);
      void pool.prepare();
    },
    close: async () => {
      answerer.stop();
      hosts.close();
      await pool.end(goodbyeMs);
      audit?.close();
      await push?.close();
    },
  };
}

export interface ServeOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
  /** What the client said, and was answered, before. */
  readonly greeting?: Greeting;
  readonly log: Log;
  /** Called once, when everything is closed or the time for it is over. */
  readonly exit: (code: number) => void;
  /** Hear of SIGINT, SIGTERM and SIGHUP. */
  readonly onSignal: (listener: () => void) => void;
}

/** Serve MCP on `input` and `output` until the client goes or a signal comes, then close everything. */
export async function serve(options: ServeOptions): Promise<void> {
  const { config, env, input, output, greeting, log, exit, onSignal } = options;
  const client: ClientSide = {
    ask: (question, signal) => askHuman(server, question, signal),
    canAsk: () => canAskHuman(server),
    roots: (signal) => clientRoots(server, signal),
  };
  const scout = assemble(config, env, log, client, await loadPush(env, log));
  const { metricsFile } = scout.config;
  const collect = () => scout.metrics.collect();
  const file = metricsFile === undefined ? undefined : new MetricsFile(metricsFile, collect, log);
  const server = createMcpServer(scout.answerer);
  server.onerror = (error) => log('debug', 'protocol error', { error: error.message });

  let closing = false;
  const shutDown = async (graceMs: number) => {
    if (closing) return;
    closing = true;
    setTimeout(() => exit(0), hardExitMs).unref();
    if (graceMs > 0) {
      await nextTurn(); // the SDK hands over what was asked just now
      await scout.answerer.settled(graceMs);
      await nextTurn(); // and what was answered
    }
    await Promise.all([scout.close(), file?.close()]);
    exit(0);
  };
  const shutDownNow = () => void shutDown(0);
  onSignal(shutDownNow);
  output.on('error', shutDownNow); // EPIPE: nobody reads any more
  input.on('end', () => void shutDown(eofGraceMs));
  input.on('close', () => void shutDown(eofGraceMs));
  input.on('error', shutDownNow);

  server.oninitialized = () => {
    setTimeout(scout.prepare, prepareAfterMs).unref();
    scout.hosts.onChange(() => {
      server
        .sendResourceListChanged()
        .catch((error) => log('debug', 'list_changed', { error: String(error) }));
    });
  };
  await connect(server, new LineTransport(input, output, greeting));
  log('debug', 'serving');
}

/** When all that is ready to run has run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
