import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Call } from '../../src/call.ts';
import type { Context } from '../../src/context.ts';
import { ScoutError } from '../../src/errors.ts';
import { fetchVersions } from '../../src/operations/fetch-versions.ts';
import { toRemoteLine } from '../../src/remote-text.ts';
import type { FileFacts, ReadOutcome } from '../../src/ssh/files.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const root = toRemoteLine('root');
const factsOf = (sizeBytes: number): FileFacts => ({
  kind: 'file',
  sizeBytes,
  mode: 0o644,
  owner: root,
  group: root,
  ownerId: 0,
  groupId: 0,
  modifiedMs: 0,
  accessedMs: 0,
});

/** What each host gives when it is read, one after the other; the last one for ever. */
function setUp(contents: Readonly<Record<string, readonly (string | ScoutError)[]>>) {
  const reads: string[] = [];
  const read = async (host: string): Promise<ReadOutcome> => {
    const list = contents[host] ?? [];
    const given = list[Math.min(reads.filter((one) => one === host).length, list.length - 1)] ?? '';
    reads.push(host);
    if (given instanceof ScoutError) throw given;
    const content = Buffer.from(given);
    const range = { truncated: false, reachedEnd: true, firstLine: 1 };
    return { what: 'file', facts: factsOf(content.length), content, ...range };
  };
  const context = {
    config: {
      fanout: 4,
      commandTimeoutMs: 5_000,
      callTimeoutMs: 10_000,
      maxOutputSizeBytes: 10_000,
      maxFileSizeBytes: 1_000,
    },
    observe: () => {},
    pool: {
      use: (host: string, _: Call, work: (session: object) => Promise<unknown>) =>
        work({ read: () => read(host) }),
    },
  } as unknown as Context; // nothing else of it is looked at
  const span = { child: () => span, end: () => {} };
  const call: Call = {
    id: 'x',
    signal: new AbortController().signal,
    deadlineMs: performance.now() + 10_000,
    progress: () => {},
    span,
  };
  const version = (text: string, ...hosts: readonly string[]) => ({
    sha256: sha(text),
    seen: hosts.map((host) => ({ host, path: '/f', facts: factsOf(text.length), sha256: sha(text) })),
  });
  return { context, call, reads, version };
}

it('one host of each version sends its bytes', async () => {
  const { context, call, reads, version } = setUp({ a: ['x'], c: ['y'] });
  const contents = await fetchVersions(context, call, [version('x', 'a', 'b'), version('y', 'c')], true);
  expect(reads).toEqual(['a', 'c']);
  expect(contents.get(sha('y'))).toEqual({ content: Buffer.from('y'), changed: false });
});

it('where the first host fails, or has other bytes by now, the second one does', async () => {
  const lost = new ScoutError('connection_lost', 'lost', 'Again.');
  for (const first of [lost, 'newer']) {
    const { context, call, reads, version } = setUp({ a: [first], b: ['x'] });
    const contents = await fetchVersions(context, call, [version('x', 'a', 'b')], true);
    expect(reads).toEqual(['a', 'b']);
    expect(contents.get(sha('x'))).toEqual({ content: Buffer.from('x'), changed: false });
  }
});

it('what no second host has is said to be missing, for a reason', async () => {
  const lost = new ScoutError('connection_lost', 'a: lost', 'Again.');
  const { context, call, version } = setUp({ a: [lost], b: ['newer'], c: ['newer'] });
  const contents = await fetchVersions(context, call, [version('x', 'a'), version('y', 'b', 'c')], false);
  expect(contents.get(sha('x'))).toEqual({ missing: 'failed', error: lost });
  expect(contents.get(sha('y'))).toEqual({ missing: 'changed' });
});

it('one file that changes all the time is given as it was read last; one that was caught in a write, as it was hashed', async () => {
  const { context, call, version } = setUp({ a: ['1', '2'], b: ['half', 'whole'] });
  const contents = await fetchVersions(context, call, [version('0', 'a'), version('whole', 'b')], true);
  expect(contents.get(sha('0'))).toEqual({ content: Buffer.from('2'), changed: true });
  expect(contents.get(sha('whole'))).toEqual({ content: Buffer.from('whole'), changed: false });
});

it('nobody sends what is too large, nor anything where the version to compare with is', async () => {
  const large = 'x'.repeat(2_000);
  const { context, call, reads, version } = setUp({ b: ['y'] });
  const versions = [version(large, 'a'), version('y', 'b')];
  const contents = await fetchVersions(context, call, versions, true);
  expect(reads).toEqual([]);
  expect(contents.get(sha(large))).toEqual({ missing: 'too large' });
  await fetchVersions(context, call, versions, false);
  expect(reads).toEqual(['b']);
});
