import { describe, expect, it } from 'vitest';
import { readClock } from '../../../src/operations/logs/host-clock.ts';
import { parseEntry } from '../../../src/operations/logs/journal-entry.ts';
import { type HostLog, inOrder, linesOfReply } from '../../../src/operations/logs/log-line.ts';
import { mergeLogs } from '../../../src/operations/logs/merge.ts';
import { rotatedOf, rotatedWords } from '../../../src/operations/logs/rotated.ts';

function log(lines: readonly (readonly [text: string, atMs?: number])[], more: Partial<HostLog> = {}) {
  return { from: 'x', notes: [], lines: lines.map(([text, atMs]) => ({ text, atMs })), ...more };
}

describe('logs of several hosts', () => {
  it('are one stream by time; a line without one stays behind the line before it', () => {
    const merged = mergeLogs(
      [
        { host: 'a', value: log([['a1', 10], ['a1+'], ['a2', 30]]) },
        { host: 'b', value: log([['b0'], ['b1', 10], ['b2', 20], ['b2+']]) },
      ],
      100,
    );
    expect(merged.lines.map(({ host, text }) => `${host}:${text}`)).toEqual([
      'a:a1',
      'a:a1+',
      'b:b0',
      'b:b1',
      'b:b2',
      'b:b2+',
      'a:a2',
    ]);
  });

  it('give the newest lines of all, and say which have no times and whose clock is wrong', () => {
    const merged = mergeLogs(
      [
        { host: 'a', value: log([['untimed']], { notes: ['cut'] }) },
        {
          host: 'b',
          value: log(
            [
              ['b1', 1],
              ['b2', 2],
            ],
            { aheadMs: -90_000 },
          ),
        },
      ],
      2,
    );
    expect(merged.lines.map(({ text }) => text)).toEqual(['untimed', 'b2']);
    expect(merged.notes).toEqual([
      'a: cut',
      'a: no times recognised, its newest 1 come first',
      expect.stringMatching(/^b: its clock is .* behind$/),
    ]);
  });

  it('without a time are not pushed out by those that have one: each host has its share of the limit', () => {
    const trace = log(Array.from({ length: 9 }, (_, at) => [`frame ${at}`]));
    const dated = log(Array.from({ length: 9 }, (_, at) => [`line ${at}`, at]));
    const texts = (limit: number, ...values: readonly ReturnType<typeof log>[]) => {
      const merged = mergeLogs(
        values.map((value, at) => ({ host: `h${at}`, value })),
        limit,
      );
      return [...merged.lines.map(({ host, text }) => `${host} ${text}`), ...merged.notes];
    };
    expect(texts(6, trace, dated, dated)).toEqual([
      'h0 frame 7',
      'h0 frame 8',
      'h1 line 7',
      'h2 line 7',
      'h1 line 8',
      'h2 line 8',
      'h0: no times recognised, its newest 2 come first',
    ]);
    expect(texts(4, trace, trace).slice(0, 4)).toEqual([
      'h0 frame 7',
      'h0 frame 8',
      'h1 frame 7',
      'h1 frame 8',
    ]);
    expect(texts(10, trace, log([['only', 1]]))).toEqual([
      ...Array.from({ length: 9 }, (_, at) => `h0 frame ${at}`),
      'h1 only',
      'h0: no times recognised, its newest 9 come first',
    ]);
    expect(texts(1, trace, dated)).toEqual(['h1 line 8', 'h0: no times recognised, its newest 0 come first']);
  });

  it('of one host are put in order when they came out of it', () => {
    const lines = [{ text: 'late', atMs: 5 }, { text: 'late+' }, { text: 'early', atMs: 1 }];
    expect(inOrder(lines).map(({ text }) => text)).toEqual(['early', 'late', 'late+']);
  });
});

describe('the clock of a host', () => {
  const between = { startedMs: 1_795_269_600_000, endedMs: 1_795_269_601_000 };
  const read = (text: string) => readClock({ ok: true, text, bytes: text.length, isWhole: true }, between);

  it('is wrong only where the round trip and whole seconds cannot explain it', () => {
    expect(read('1795269600 +0100\n')).toEqual({ nowMs: 1_795_269_600_000, offsetMs: 3_600_000 });
    expect(read('1795269603 +0000\n').aheadMs).toBeUndefined();
    expect(read('1795269690 -0530\n')).toMatchObject({ aheadMs: 90_000, offsetMs: -19_800_000 });
    expect(read('1795269510 +0000\n').aheadMs).toBe(-90_000);
    expect(read('nonsense')).toEqual({ nowMs: between.endedMs, offsetMs: 0 });
  });
});

describe('rotated files', () => {
  it('are those of logrotate alone, the newest first', () => {
    const found = [
      'x.log.10.gz',
      'x.log.2.gz',
      'x.log.1',
      'x.log.bak',
      'x.log.3.xz',
      'x.log.1.swp',
      'x.log.old',
    ];
    const order = rotatedOf('/var/log/x.log', found.map((name) => `/var/log/${name}`).join('\n'));
    expect(
      order.map(({ path, isCompressed, isReadable }) => [path.slice(9), isCompressed, isReadable]),
    ).toEqual([
      ['x.log.1', false, true],
      ['x.log.2.gz', true, true],
      ['x.log.3.xz', true, false],
      ['x.log.10.gz', true, true],
    ]);
    const dated = rotatedOf('./x', './x-20261119.gz\n./x-20261120\n./x.2026-11-18\n./x-2026111905.gz');
    expect(dated.map(({ path }) => path)).toEqual([
      './x-20261120',
      './x-2026111905.gz',
      './x-20261119.gz',
      './x.2026-11-18',
    ]);
  });

  it('are none that a line feed in a name makes up', () => {
    expect(rotatedOf('/var/log/x.log', '/var/log/x.log.a\netc.passwd.1\n/etc/x.log.1\n')).toEqual([]);
  });

  it('are looked for by a pattern in which the name stands for itself', () => {
    expect(rotatedWords('/a/b[1]*.log').at(-1)).toBe('b\\[1\\]\\*.log[.-]*');
    expect(rotatedWords('/a/-b-.log').at(-1)).toBe('\\-b-.log[.-]*');
    expect(rotatedWords('/x.log')[1]).toBe('/');
    expect(rotatedWords('./x.log')[1]).toBe('.');
  });
});

it('a reply that was cut loses the line that may be half', () => {
  const read = (text: string, bytes: number) => linesOfReply({ text, bytes }, 5);
  const whole = { isCut: false, isPart: false };
  expect(read('b\nc\n', 4)).toEqual({ lines: ['b', 'c'], ...whole });
  expect(read('lf\nc\n', 5)).toEqual({ lines: ['c'], isCut: true, isPart: false });
  expect(read('\ufffd\nc\n', 4)).toEqual({ lines: ['\ufffd', 'c'], ...whole });
  expect(read('', 0)).toEqual({ lines: [], ...whole });
});

it('a reply that is nothing but the rest of a line is that line', () => {
  for (const text of ['alf\n', 'half'])
    expect(linesOfReply({ text, bytes: 4 }, 4)).toEqual({ lines: [text.trim()], isCut: true, isPart: true });
});

it('a message of the journal is a text, bytes, or several of them, however deep a machine puts it', () => {
  const text = (message: unknown) => {
    const entry = typeof message === 'string' ? message : JSON.stringify(message);
    return parseEntry(`{"__REALTIME_TIMESTAMP":"0","MESSAGE":${entry}}`)[0]?.text.split(': ')[1];
  };
  expect([text('"a"'), text([98, 99]), text(['a', [98]]), text(null)]).toEqual([
    'a',
    'bc',
    'a\n    b',
    '(no message)',
  ]);
  expect(text(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe('(no message)');
});
