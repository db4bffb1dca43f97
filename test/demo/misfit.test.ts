import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { misfit } from '../../src/demo/misfit.ts';
import { describeTool } from '../../src/mcp/serve-tools.ts';
import { tools } from '../../src/tools/index.ts';

const schema = {
  type: 'object',
  properties: {
    results: { type: 'array', items: { type: 'object', properties: { ok: { type: 'boolean' } } } },
    rest: { type: 'string' },
  },
  required: ['results'],
};

describe('a value is held against a JSON Schema', () => {
  it.each([{ results: [] }, { results: [{ ok: true }, { more: 1 }], rest: 'x', other: null }])(
    'that it fits: %j',
    (value) => {
      expect(misfit(value, schema)).toBeUndefined();
    },
  );

  it.each<[unknown, string]>([
    [{}, 'the result has no results'],
    [[], 'the result is of type array, not object'],
    [null, 'the result is of type null, not object'],
    [{ results: 'none' }, 'the result.results is of type string, not array'],
    [{ results: [{}, { ok: 1 }] }, 'the result.results.1.ok is of type number, not boolean'],
    [{ results: [], rest: null }, 'the result.rest is of type null, not string'],
  ])('that it does not fit: %j', (value, expected) => {
    expect(misfit(value, schema)).toBe(expected);
  });

  it('never where the schema says something that was not checked', () => {
    expect(() => misfit({ a: 1 }, { properties: { a: { minimum: 2 } } })).toThrow('"minimum"');
  });
});

it('Every word of the schemas that tools publish is known', () => {
  const config = loadConfig({ SCOUT_BEAM: 'on' });
  const everything = (part: object): unknown => {
    const { properties, items }: { properties?: Record<string, object>; items?: object } = part;
    if (items) return [everything(items)];
    if (!properties) return undefined;
    return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, everything(each)]));
  };
  for (const tool of tools) {
    const { outputSchema = {} } = describeTool(tool, config);
    expect(() => misfit(everything(outputSchema), outputSchema)).not.toThrow();
  }
});
