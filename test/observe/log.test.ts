import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { asScoutError } from '../../src/errors.ts';
import { createLog } from '../../src/observe/log.ts';
import { logEvents } from '../../src/observe/log-events.ts';
import type { Observed } from '../../src/observer.ts';

function linesOf(
  settings: Record<string, string>,
  write: (log: ReturnType<typeof createLog>) => void,
): string[] {
  const lines: string[] = [];
  write(createLog(loadConfig(settings), (line) => lines.push(line)));
  return lines;
}

describe('the log', () => {
  it('writes one line a message: words and facts for people', () => {
    const lines = linesOf({}, (log) =>
      log('info', 'dialed', { host: 'web1', ms: 12, why: 'two words', none: undefined }),
    );
    expect(lines).toEqual(['scout-mcp info dialed host=web1 ms=12 why="two words"\n']);
  });

  it('writes JSON for machines, whose own fields no fact can replace', () => {
    const [line = ''] = linesOf({ SCOUT_LOG_FORMAT: 'json' }, (log) =>
      log('warn', 'slow', { level: 'x', host: 'web1' }),
    );
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^20.*Z$/),
      level: 'warn',
      message: 'slow',
      host: 'web1',
    });
  });

  it('keeps its lines whole, and free of what a terminal obeys', () => {
    for (const format of ['text', 'json']) {
      const [line = ''] = linesOf({ SCOUT_LOG_FORMAT: format }, (log) =>
        log('error', 'x', { a: '\u001b[2J', b: 'c\nd', e: '\u202e' }),
      );
      expect(line).toMatch(/^[^\n]*\n$/);
      expect(line).not.toMatch(format === 'text' ? /[\u001b\u202e]/ : /\u001b/);
    }
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['silent', []],
  ])('at %s writes %j', (level, written) => {
    const lines = linesOf({ SCOUT_LOG_LEVEL: level }, (log) => {
      for (const each of ['debug', 'info', 'warn', 'error'] as const) log(each, each);
    });
    expect(lines).toEqual(written.map((each) => `scout-mcp ${each} ${each}\n`));
  });
});

describe('what is observed', () => {
  function logged(
    event: Parameters<ReturnType<typeof logEvents>>[0],
    settings: Record<string, string> = {},
  ): unknown[] {
    let seen: unknown[] = [];
    logEvents(
      (...line) => {
        seen = line;
      },
      loadConfig({ SCOUT_LOG_LEVEL: 'debug', ...settings }),
    )(event);
    return seen;
  }

  it('is there for debugging, with numbers whole', () => {
    expect(logged({ kind: 'dialed', host: 'web1', durationMs: 12.6 })).toEqual([
      'debug',
      'dialed',
      { host: 'web1', durationMs: 13 },
    ]);
    expect(
      logged({
        kind: 'answered',
        of: 'tool',
        door: 'scout_read',
        durationMs: 5.2,
        bytes: 10,
        code: 'unreachable',
      }),
    ).toEqual([
      'debug',
      'call',
      { of: 'tool', door: 'scout_read', durationMs: 5, bytes: 10, code: 'unreachable' },
    ]);
  });

  it('is known by the id of its call, what was asked and answered too', () => {
    const payload = {
      kind: 'payload',
      door: 'scout_read',
      asked: { a: 1 },
      answer: 'b',
      call: 'c1',
    } as const;
    expect(logged(payload)).toEqual([
      'info',
      'payload',
      { door: 'scout_read', call: 'c1', asked: '{"a":1}', answer: 'b' },
    ]);
  });

  it('is not put into words where no line of its level is written', () => {
    const event = { kind: 'dialed', host: 'web1', durationMs: 12.6 } as const;
    expect(logged(event, { SCOUT_LOG_LEVEL: 'info' })).toEqual([]);
    expect(
      logged({ ...event, kind: 'dial_failed', code: 'auth_failed' }, { SCOUT_LOG_LEVEL: 'info' }),
    ).not.toEqual([]);
  });

  it('is a warning where a call was slow or a host key was taken, and information where a login failed', () => {
    expect(logged({ kind: 'answered', of: 'tool', door: 'x', durationMs: 1_001, bytes: 1 })).toMatchObject([
      'warn',
      'slow call',
      {},
    ]);
    expect(logged({ kind: 'host_key_accepted', host: 'x', rule: 'no' })).toMatchObject([
      'warn',
      'host key accepted',
      {},
    ]);
    expect(logged({ kind: 'dial_failed', host: 'x', code: 'auth_failed', durationMs: 1 })).toMatchObject([
      'info',
      'dial failed',
      {},
    ]);
  });

  const defect = asScoutError(new TypeError('x is not a function'));
  const told = { durationMs: 1, code: defect.code, cause: defect.cause };
  const defects: Observed[] = [
    { kind: 'answered', of: 'tool', door: 'd', bytes: 1, ...told },
    { kind: 'failed', host: 'h', ...told },
    { kind: 'failed', host: 'wrapped', ...told, cause: defect },
  ];

  it.each(defects)('is an error where we have a defect ($kind), with its stack on request', (event) => {
    const [level, , facts] = logged(event);
    expect(level).toBe('error');
    expect(facts).toMatchObject({ defect: 'TypeError: x is not a function' });
    expect(facts).not.toHaveProperty('stack');
    const [, , withStack] = logged(event, { SCOUT_INCLUDE_TRACEBACK: 'on' });
    expect(withStack).toMatchObject({ stack: expect.stringContaining('log.test.ts') });
  });

  it('says nothing of the cause of an error that is none of our defects', () => {
    const [, , facts] = logged({
      kind: 'failed',
      host: 'h',
      durationMs: 1,
      code: 'unreachable',
      cause: new Error('remote words'),
    });
    expect(JSON.stringify(facts)).not.toContain('remote words');
  });
});
