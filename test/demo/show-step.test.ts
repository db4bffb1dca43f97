import { describe, expect, it } from 'vitest';
import type { DemoStep } from '../../src/demo/demo-steps.ts';
import { missing, showStep } from '../../src/demo/show-step.ts';

const request = { tool: 'scout_hosts', args: { hosts: 'web*' } };
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`).join('\n');

describe('a step of the demo as a person sees it', () => {
  it('is the question, what was asked and the answer', () => {
    expect(showStep(3, 'Which hosts?', request, 'one\ntwo\n', 12)).toEqual([
      '',
      ' 3. Which hosts?',
      '    scout_hosts {"hosts":"web*"} → 12 ms',
      '    │ one',
      '    │ two',
    ]);
  });

  it.each([
    [{ resource: 'hosts://list' }, 'read hosts://list'],
    [{ template: 'scout://{host}', variable: 'host', prefix: 'we' }, 'complete scout://{host} with host=we…'],
    [{ prompt: 'compare', args: { hosts: 'web*' } }, 'prompt compare {"hosts":"web*"}'],
    [{ list: 'everything' } as const, 'list tools, resources, templates and prompts'],
  ])('says what %j asks', (asked, text) => {
    expect(showStep(1, '?', asked, '', 0)[2]).toBe(`    ${text} → 0 ms`);
  });

  it('keeps the beginning and the end of what is long', () => {
    const lines = showStep(1, '?', request, numbered(50), 0).slice(3);
    expect(lines).toHaveLength(12);
    expect(lines.slice(8)).toEqual([
      '    │ line 9',
      '    │    … 39 more lines …',
      '    │ line 49',
      '    │ line 50',
    ]);
    expect(showStep(1, '?', request, numbered(13), 0).slice(3)).toHaveLength(13);
  });

  it('cuts wide lines', () => {
    const [, , , line = ''] = showStep(1, '?', request, 'x'.repeat(500), 0);
    expect(line.endsWith('x…')).toBe(true);
    expect(line.length).toBeLessThan(120);
  });
});

describe('what an answer should hold', () => {
  const step: DemoStep = { question: '?', request: () => request, expected: ['one', /t.o/] };

  it('is all there, in order', () => {
    expect(missing(step, { text: 'one two', isError: false })).toBeUndefined();
    expect(missing(step, { text: 'two one', isError: false })).toBe('/t.o/');
    expect(missing(step, { text: 'two', isError: false })).toBe('one');
  });

  it('is an error exactly where a refusal is the right answer', () => {
    expect(missing(step, { text: 'one two', isError: true })).toBe('an answer without an error');
    expect(missing({ ...step, refused: true }, { text: 'one two', isError: false })).toBe('a refusal');
    expect(missing({ ...step, refused: true }, { text: 'one two', isError: true })).toBeUndefined();
  });
});
