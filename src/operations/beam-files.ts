import type { HostAction } from '../audit.ts';
import { abortReason, type Call, traced, withTimeout } from '../call.ts';
import type { Context } from '../context.ts';
import { ScoutError } from '../errors.ts';
import type { Direction } from '../observer.ts';
import { toRemoteLine } from '../remote-text.ts';
import { RemoteArea } from '../ssh/sftp/transfer/remote-area.ts';
import { formatBytes } from '../units.ts';
import { auditHost } from './audit-host.ts';
import { compareTrees, refuseReplaced } from './beam/compare-trees.ts';
import { type Copied, copyFile } from './beam/copy-file.ts';
import { type CopiedTree, copyTree } from './beam/copy-tree.ts';
import { type EndOfCopy, endOfCopy, shownEnd, under } from './beam/end-of-copy.ts';
import { LocalSide } from './beam/local-side.ts';
import { Pace } from './beam/pace.ts';
import { planTree } from './beam/plan-tree.ts';
import type { BeamFacts, Side } from './beam/side.ts';

/** How long a person may think before a copy is given up, in ms. */
const askLimitMs = 300_000;

export interface BeamInput {
  readonly from: string;
  readonly to: string;
  readonly recursive?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly resume?: boolean | undefined;
}

export interface BeamData {
  readonly hosts: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly durationMs: number;
  /** What was sent by this very call. */
  readonly movedBytes: number;
  readonly outcome: ({ readonly kind: 'file' } & Copied) | ({ readonly kind: 'directory' } & CopiedTree);
}

type Order = Required<{ readonly [K in 'recursive' | 'overwrite' | 'resume']: boolean }>;

/**
 * Copy a file or a directory between this machine and a host, or between two. Throws ScoutError `beam_disabled`,
 * `invalid_target`, `invalid_argument`, `exists`, `verify_failed`, `transfer_failed`, `command_refused` where the
 * person declined, and what the two ends reject with.
 */
export async function beamFiles(context: Context, input: BeamInput, call: Call): Promise<BeamData> {
  const from = await endOfCopy(context, input.from);
  const named = await endOfCopy(context, input.to);
  refuseDirection(context, from, named);
  const to = under(named, from);
  const { recursive = false, overwrite = false, resume = true } = input;
  const pace = new Pace(call);
  const part = { ...call, signal: pace.signal };
  const startedMs = performance.now();
  try {
    const order = { recursive, overwrite, resume };
    const work = { context, call: part, pace, from, to, order };
    const outcome = await withSide(context, from, part, pace, (source) =>
      withSide(context, to, part, pace, (target) => copy(work, source, target)),
    );
    return {
      hosts: [from, to].flatMap((end) => (end.kind === 'remote' ? [end.host] : [])),
      from: shownEnd(from),
      to: shownEnd(to),
      durationMs: performance.now() - startedMs,
      movedBytes: pace.movedBytes,
      outcome,
    };
  } finally {
    pace.end();
    const bytes = pace.movedBytes;
    if (bytes > 0) context.observe({ kind: 'copied', direction: directionOf(from, to), bytes });
  }
}

function directionOf(from: EndOfCopy, to: EndOfCopy): Direction {
  if (to.kind === 'local') return 'download';
  return from.kind === 'local' ? 'upload' : 'between';
}

interface Work {
  readonly context: Context;
  readonly call: Call;
  readonly pace: Pace;
  readonly from: EndOfCopy;
  readonly to: EndOfCopy;
  readonly order: Order;
}

async function copy(work: Work, source: Side, target: Side): Promise<BeamData['outcome']> {
  const { from, to, order } = work;
  const facts = await source.look([]);
  if (!facts)
    throw new ScoutError('path_not_found', `${shown(from)} does not exist`, 'List the directory above it.');
  const [real, realTarget] = [await source.real(), await target.real()];
  if (sameMachine(from, to) && (realTarget === real || realTarget.startsWith(`${real}/`)))
    throw new ScoutError('invalid_target', `${shown(to)} is the source, or in it`, 'Choose another target.');
  const sourceId = `${from.kind === 'remote' ? from.host : ''}:${real}`;
  if (facts.kind !== 'directory') return await copyOne(work, source, target, facts, sourceId);
  if (!order.recursive)
    throw new ScoutError(
      'invalid_argument',
      `${shown(from)} is a directory`,
      'Say recursive: true to copy it.',
    );
  const tree = await planTree(source, facts);
  const comparison = await compareTrees(target, tree);
  if (!order.overwrite) refuseReplaced(comparison);
  const count = comparison.replaced.length;
  await confirm(work, tree.bytes, count === 0 ? '' : `${count} files there will be replaced.`);
  work.pace.start(tree.bytes);
  return {
    kind: 'directory',
    ...(await copyTree(source, target, tree, comparison, { ...order, sourceId }, work.pace)),
  };
}

async function copyOne(
  work: Work,
  source: Side,
  target: Side,
  { sizeBytes }: BeamFacts,
  sourceId: string,
): Promise<BeamData['outcome']> {
  const { overwrite, resume } = work.order;
  const open = await source.openSource([], { follow: true });
  try {
    const isThere = overwrite && (await target.look([])) !== undefined;
    await confirm(work, sizeBytes, isThere ? 'The file there will be replaced.' : '');
    const part = await target.createTarget([], { overwrite, resume, sourceId, sizeBytes, isFresh: false });
    work.pace.start(sizeBytes);
    return { kind: 'file', ...(await copyFile(open, part, work.pace)) };
  } finally {
    await open.close();
  }
}

/** Work with one end of the copy, which is given back afterwards. */
async function withSide<T extends BeamData['outcome']>(
  context: Context,
  end: EndOfCopy,
  call: Call,
  pace: Pace,
  work: (side: Side) => Promise<T>,
): Promise<T> {
  if (end.kind === 'local') {
    const area = await context.local.enter(call.signal);
    try {
      return await work(new LocalSide(area, area.resolve(end.path), call.signal));
    } finally {
      await area.close();
    }
  }
  const { host } = end;
  const actions = (): readonly HostAction[] => [{ path: end.path }];
  const outcomes = () => [{ outcome: 'ok' as const, bytes: pace.movedBytes }];
  const onHost = (part: Call) =>
    auditHost(part.audit, host, { actions, outcomes }, () =>
      context.pool.use(
        host,
        part,
        (session) =>
          session.bulk(part.signal, (bulk) => work(new RemoteArea(bulk, end.path, context.config.denyPaths))),
        false,
      ),
    );
  const startedMs = performance.now();
  try {
    return await traced(call.span, 'host', (span) => onHost({ ...call, span }), { host });
  } finally {
    // what was copied is counted by its direction
    context.observe({ kind: 'worked', host, durationMs: performance.now() - startedMs, bytes: 0 });
  }
}

function refuseDirection({ config }: Pick<Context, 'config'>, from: EndOfCopy, to: EndOfCopy): void {
  const { beam } = config;
  if (beam === 'off')
    throw new ScoutError(
      'beam_disabled',
      'copying files is off',
      'Only who runs scout-mcp can set SCOUT_BEAM.',
    );
  if (from.kind === 'local' && to.kind === 'local')
    throw new ScoutError(
      'invalid_target',
      'both ends are on this machine',
      'Write one of them as HOST:PATH.',
    );
  const way = to.kind === 'local' ? 'download' : from.kind === 'local' ? 'upload' : 'on';
  if (beam === 'on' || beam === way) return;
  throw new ScoutError(
    'beam_disabled',
    `SCOUT_BEAM=${beam} does not allow this direction`,
    `Only who runs scout-mcp can set SCOUT_BEAM, here to ${way === 'on' ? 'on' : `${way} or on`}.`,
  );
}

/** Where the client can ask its human, they decide on a replacement and on a large copy. */
async function confirm({ context, pace, from, to }: Work, bytes: number, replaces: string): Promise<void> {
  const { client, config } = context;
  if (replaces === '' && bytes <= config.beamConfirmSizeBytes) return;
  if (!client?.canAsk()) return;
  const question = `Copy ${formatBytes(bytes)} from ${shown(from)} to ${shown(to)}? ${replaces}`.trim();
  const agreed = await pace.paused(
    withTimeout(pace.signal, askLimitMs, declined, (signal) => client.ask(question, signal)),
  );
  if (pace.signal.aborted) throw abortReason(pace.signal);
  if (!agreed) throw declined();
}

function declined(): ScoutError {
  return new ScoutError(
    'command_refused',
    'the person at the client did not agree to this copy',
    'Ask them what to copy instead; do not call again unasked.',
  );
}

function sameMachine(from: EndOfCopy, to: EndOfCopy): boolean {
  return from.kind === 'remote' && to.kind === 'remote' && from.host === to.host;
}

function shown(end: EndOfCopy): string {
  return toRemoteLine(shownEnd(end));
}
