import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Answerer } from '../../src/answer/answerer.ts';
import { ResultStore } from '../../src/answer/kept-results.ts';
import { type Call, raceAbort } from '../../src/call.ts';
import { loadConfig } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import { type Report, readOnly, type Tool } from '../../src/define.ts';
import { ScoutError } from '../../src/errors.ts';
import type { Observed } from '../../src/observer.ts';

const caller = () => ({ signal: new AbortController().signal });
const empty: Report = { list: 'results', entries: [] };

function setUp(run: (call: Call) => Promise<Report>, settings: Record<string, string> = {}) {
  const tool: Tool = {
    name: 'scout_test',
    title: 'Test',
    description: () => 'Test',
    input: z.strictObject({}),
    output: z.object({}),
    offered: ({ beam }) => beam === 'off',
    annotations: () => readOnly,
    run: async (_context, _input, call) => await run(call),
  };
  const observed: Observed[] = [];
  const config = loadConfig(settings);
  // the answer room looks at nothing else of the context
  const context = {
    config,
    kept: new ResultStore(),
    observe: (event: Observed) => observed.push(event),
  } as unknown as Context;
  const answerer = new Answerer(context, {
    tools: [tool, { ...tool, offered: () => false }],
    resources: [],
    prompts: [],
  });
  return { tool, answerer, observed };
}

describe('a call of a tool', () => {
  it('that fails is an answer, and what went wrong is for the log only', async () => {
    const { tool, answerer, observed } = setUp(async () => {
      throw new TypeError('the secret is 42');
    });
    const answer = await answerer.callTool(tool, {}, caller());
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(/^internal: scout-mcp met a condition it does not handle\nFix: /);
    expect(JSON.stringify(answer.structured) + answer.text).not.toContain('42');
    expect(observed).toMatchObject([
      { kind: 'answered', door: 'scout_test', code: 'internal', cause: { message: 'the secret is 42' } },
    ]);
  });

  it('that is cancelled rejects, for it has no answer', async () => {
    const { tool, answerer, observed } = setUp(() => new Promise(() => {}));
    const controller = new AbortController();
    const answer = answerer.callTool(tool, {}, { signal: controller.signal });
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(observed).toMatchObject([{ kind: 'answered', code: 'cancelled' }]);
  });

  it('ends by SCOUT_CALL_TIMEOUT even if its operation never does', async () => {
    const { tool, answerer } = setUp(() => new Promise(() => {}), { SCOUT_CALL_TIMEOUT: '100ms' });
    const answer = await answerer.callTool(tool, {}, caller());
    expect(answer.text).toMatch(/^command_timeout: the call did not finish within 100 ms\nFix: /);
  });

  it('with wrong arguments costs no token of the rate limit', async () => {
    const { tool, answerer } = setUp(async () => empty, {
      SCOUT_RATE_LIMIT_PER_MINUTE: '1',
      SCOUT_RATE_LIMIT_BURST: '1',
    });
    expect((await answerer.callTool(tool, { a: 1 }, caller())).error?.code).toBe('invalid_argument');
    expect((await answerer.callTool(tool, {}, caller())).isError).toBe(false);
    expect((await answerer.callTool(tool, {}, caller())).error?.code).toBe('rate_limited');
  });
});

describe('the answer room', () => {
  it('offers what the configuration offers', () => {
    expect(setUp(async () => empty).answerer.tools).toHaveLength(1);
  });

  it('knows what is under way, and waits for it, but not for ever', async () => {
    let finish = () => {};
    const { tool, answerer } = setUp(() => new Promise((resolve) => (finish = () => resolve(empty))));
    const answer = answerer.callTool(tool, {}, caller());
    expect(answerer.underWay).toBe(1);
    await answerer.settled(20);
    expect(answerer.underWay).toBe(1);
    finish();
    await answerer.settled(10_000);
    expect(answerer.underWay).toBe(0);
    expect((await answer).isError).toBe(false);
  });

  it('bears many calls, and many listeners in each, without a warning of leaks', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    const { tool, answerer } = setUp(async ({ signal }) => {
      await Promise.all(
        Array.from({ length: 50 }, () => raceAbort(new Promise((resolve) => setImmediate(resolve)), signal)),
      );
      return empty;
    });
    await Promise.all(Array.from({ length: 50 }, () => answerer.callTool(tool, {}, caller())));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });

  it('gives up every call when it stops, and every later one', async () => {
    const reasons: unknown[] = [];
    const { tool, answerer } = setUp(async ({ signal }) => {
      await raceAbort(new Promise(() => {}), signal).catch((reason) => reasons.push(reason));
      return empty;
    });
    const answer = answerer.callTool(tool, {}, caller());
    answerer.stop();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled', message: 'scout-mcp is shutting down' });
    await expect(answerer.callTool(tool, {}, caller())).rejects.toMatchObject({ code: 'cancelled' });
    expect(reasons[0]).toBeInstanceOf(ScoutError);
  });
});
