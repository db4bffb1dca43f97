import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeLine } from '../../src/observe/audit-line.ts';
import { linesOf, makeLog, oneCall, verdictOf } from './audit-fixtures.ts';

/** Lines of three runs at once, one of which is still running. */
let lines: string[];
let runs: string[];

beforeAll(() => {
  const made = makeLog();
  const [a, b, c] = [made.log, made.openLog(), made.openLog()];
  const open = a.begin('o', { tool: 'scout_read', arguments: { targets: ['web*:/é'], '\n': '"}\\' } });
  oneCall(b);
  const host = open.onHost('web1', { path: '/é' });
  oneCall(c, 'uptime | tail -n 1');
  oneCall(b);
  host.end({ outcome: 'path_not_found', bytes: 0 });
  oneCall(a);
  open.end({ outcome: 'ok', bytes: 3 });
  a.close();
  oneCall(c);
  b.close();
  lines = readFileSync(made.file, 'utf8').trimEnd().split('\n');
  runs = linesOf(made.file).map(({ run }) => run);
  made.remove();
});

const text = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');
const anyLine = () => fc.nat(lines.length - 1);
const isWhole = async (some: string[] | Buffer, heads: readonly string[] = []) =>
  (await verdictOf([Buffer.isBuffer(some) ? some : text(some)], heads)).whole;
const headOf = (run: string | undefined) =>
  JSON.parse(lines[runs.lastIndexOf(run ?? '')] ?? '{}').hash as string;
/** The runs whose last line is not here: only a head hash can miss it. */
const lastOf = (index: number) => runs.lastIndexOf(runs[index] ?? '') === index;

describe('a log as it was written', () => {
  it('is whole, and says of a run without an end what that may mean', async () => {
    const report = await verdictOf([text(lines)], [...new Set(runs)].map(headOf));
    expect(report).toMatchObject({ whole: true, problems: [], notes: [], missingHeads: [] });
    expect(report.runs.map(({ notes }) => notes)).toEqual([
      [],
      [],
      ['no end line: still running, killed, or cut'],
    ]);
    expect(report.runs.map(({ head }) => head)).toEqual([...new Set(runs)].map(headOf));
  });

  it('is whole in pieces, given in their order', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine(), async (at) => {
        expect((await verdictOf([text(lines.slice(0, at)), text(lines.slice(at))])).whole).toBe(true);
      }),
    );
  });

  it('that was cut in the middle of its last line has a torn line, and no more', async () => {
    const wrong: string[] = [];
    for (const line of lines) {
      for (let length = 1; length < Buffer.byteLength(line); length += 1) {
        const { whole, runs, notes } = await verdictOf([Buffer.from(line).subarray(0, length)]);
        const isTorn = whole && runs.length === 0 && notes.length === 2 && notes[0]?.line === 1;
        if (!isTorn) wrong.push(line.slice(0, length));
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('anyone who does not make new hashes is found out', () => {
  it('changing any byte of any line', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLine().chain((at) => fc.tuple(fc.constant(at), fc.nat(Buffer.byteLength(lines[at] ?? '') - 1))),
        fc.integer({ min: 1, max: 255 }),
        async ([at, byte], difference) => {
          const before = Buffer.byteLength(text(lines.slice(0, at)));
          const bytes = Buffer.from(text(lines));
          bytes[before + byte] = (bytes[before + byte] ?? 0) ^ difference;
          expect(await isWhole(bytes)).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('removing any lines but the newest of a run, and those too where its head is known', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine(), fc.integer({ min: 1, max: 4 }), async (at, count) => {
        const left = lines.filter((_, index) => index < at || index >= at + count);
        const removed = lines.flatMap((_, index) => (index >= at && index < at + count ? [index] : []));
        const isTailOnly = removed.every((index) =>
          runs.slice(index).every((run, after) => run !== runs[index] || removed.includes(index + after)),
        );
        expect(await isWhole(left)).toBe(isTailOnly);
        expect(
          await isWhole(
            left,
            removed.map((index) => headOf(runs[index])),
          ),
        ).toBe(
          removed.every((index) => !removed.includes(runs.lastIndexOf(runs[index] ?? ''))) && isTailOnly,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('swapping any two lines, where that changes the order of the lines of a run', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine(), anyLine(), async (one, other) => {
        const swapped = [...lines];
        [swapped[one], swapped[other]] = [lines[other] ?? '', lines[one] ?? ''];
        const orders = (some: readonly string[]) => {
          const byRun = [...new Set(runs)].map((run) =>
            some.filter((line) => line.includes(`"run":"${run}"`)),
          );
          return JSON.stringify(byRun);
        };
        expect(await isWhole(swapped)).toBe(orders(swapped) === orders(lines));
      }),
      { numRuns: 300 },
    );
  });

  it('putting any line in twice, or an altered one, or anything else', async () => {
    const alien = fc.oneof(
      fc.constantFrom('x', '{}', 'null', '[]', '{"__proto__":{}}', '{"time":"x"}', '\0', '{"time":"a"x'),
      anyLine().map((at) => lines[at] ?? ''),
      anyLine().map((at) => (lines[at] ?? '').replace(/"sequence":\d+/, '"sequence":99')),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(anyLine(), alien, async (at, line) => {
        fc.pre(line !== '');
        expect(await isWhole([...lines.slice(0, at), line, ...lines.slice(at)])).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('forging the first line of a run, or cutting its beginning off', async () => {
    const { hash, prev, ...facts } = JSON.parse(lines[0] ?? '');
    const forged = writeLine({ ...facts, pid: 1 }, prev);
    const report = await verdictOf([text([forged.text, ...lines.slice(1)])]);
    expect(hash).not.toBe(forged.hash);
    expect(report).toMatchObject({
      whole: false,
      runs: [{ broken: { file: 'file0', line: 2, why: expect.stringContaining('does not follow') } }, {}, {}],
    });
    const beheaded = await verdictOf([text(lines.slice(1))]);
    expect(beheaded.runs[0]?.broken).toMatchObject({
      line: 1,
      why: 'its lines before sequence 2 are missing',
    });
  });

  it('cutting the tail off, where the head is known', async () => {
    const last = lines.length - 1;
    expect(lastOf(last)).toBe(true);
    expect(await isWhole(lines.slice(0, -1))).toBe(true);
    expect(await verdictOf([text(lines.slice(0, -1))], [headOf(runs[last])])).toMatchObject({
      whole: false,
      missingHeads: [headOf(runs[last])],
    });
  });

  it('and the first break is named by file and line', async () => {
    const changed = lines.map((line, index) =>
      index === 7 || index === 12 ? line.replace('"bytes":', '"bytez":').replace('"call":', '"cale":') : line,
    );
    const report = await verdictOf([text(changed.slice(0, 5)), text(changed.slice(5))]);
    const broken = report.runs.flatMap(({ broken: each }) => (each ? [each] : []));
    expect(broken).toContainEqual({
      file: 'file1',
      line: 3,
      why: 'it was changed: its hash does not fit it',
    });
  });
});

describe('a hostile file', () => {
  it('of lines as long as it likes, costs no memory and no crash', async () => {
    const chunk = Buffer.alloc(1024 ** 2, 'a');
    async function* endless() {
      yield Buffer.from(text(lines));
      for (let n = 0; n < 100; n += 1) yield chunk;
    }
    const { verifyAudit } = await import('../../src/observe/verify-audit.ts');
    const before = process.memoryUsage().arrayBuffers;
    const report = await verifyAudit([{ name: 'f', chunks: endless() }], []);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 ** 2);
    expect(report).toMatchObject({ whole: false, problems: [{ line: lines.length + 1 }] });
  });

  it.each([
    ['deep nesting', '{"time":"'.padEnd(20, 'x') + '[{"a":'.repeat(40_000)],
    ['deep nesting in a line of the log', `{"time":"x","a":${'['.repeat(200_000)}`],
    ['thousands of torn lines in one', '{"time":"'.repeat(28_000)],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0xc0, 0x0a, 0x80])],
    ['a name of the prototype', `${'{"__proto__":{"run":"x"},"constructor":1}'}\n`],
    ['NUL bytes', Buffer.alloc(100_000)],
    ['a hash of nothing', `,"hash":"${'0'.repeat(64)}"}`],
    [
      'a run that begins in its middle, by itself',
      writeLine(
        { time: '2026-01-01T00:00:00.000Z', run: '0'.repeat(16), sequence: 2 ** 52, event: 'end' },
        '1'.repeat(64),
      ).text,
    ],
    [
      'a line that says all but its hash wrong',
      writeLine({ time: 'x', run: '__proto__', sequence: -1, event: 'x' }, '').text,
    ],
  ])('of %s is not whole, and quickly', async (_, bytes) => {
    const startedMs = performance.now();
    expect((await verdictOf([bytes])).whole).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('of anything is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await verdictOf([Buffer.from(bytes)]);
      }),
      { numRuns: 500 },
    );
  });

  it('lists only its first faults', async () => {
    const report = await verdictOf([text(Array.from({ length: 1_000 }, () => 'x'))]);
    expect(report.problems).toHaveLength(20);
    expect(report.problemCount).toBe(1_000);
  });

  it('that is empty is whole', async () => {
    expect(await verdictOf(['', '\n\n'])).toMatchObject({ whole: true, runs: [] });
  });
});
