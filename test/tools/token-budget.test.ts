import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { describeTool } from '../../src/mcp/serve-tools.ts';
import { tools } from '../../src/tools/index.ts';

const allOn = loadConfig({ SCOUT_BEAM: 'on' });
/** What every conversation pays before its first call: all tools, those that are off by default too. */
const mostTokens = { offer: 3_000, outputs: 2_000 };

it('The list of tools costs a model few tokens, and so do their output schemas', () => {
  const costs = tools.map((tool) => costOf(describeTool(tool, allOn)));
  const total = {
    offer: costs.reduce((sum, { offer }) => sum + offer, 0),
    outputs: costs.reduce((sum, { outputs }) => sum + outputs, 0),
  };
  console.log(report([...costs, { name: 'all', ...total }]));
  expect(Math.min(...costs.flatMap(({ offer, outputs }) => [offer, outputs]))).toBeGreaterThan(50);
  expect(total.offer).toBeLessThan(mostTokens.offer);
  expect(total.outputs).toBeLessThan(mostTokens.outputs);
});

it('Schemas are published in the default dialect, and inputs still take no unknown argument', () => {
  for (const tool of tools) {
    const { inputSchema, outputSchema } = describeTool(tool, allOn);
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(outputSchema).toMatchObject({ type: 'object', required: ['results'] });
    expect(JSON.stringify([inputSchema, outputSchema])).not.toMatch(
      /\$schema|\$ref|"additionalProperties":\{\}/,
    );
    expect(JSON.stringify(outputSchema)).not.toContain('"additionalProperties":false');
  }
});

function costOf({ name, title, description, inputSchema, outputSchema }: ReturnType<typeof describeTool>) {
  const offer = tokens({ name, title, description, inputSchema });
  return { name, offer, outputs: tokens(outputSchema) };
}

function tokens(value: unknown): number {
  return encode(JSON.stringify(value)).length;
}

function report(rows: readonly { name: string; offer: number; outputs: number }[]): string {
  const lines = rows.map(({ name, offer, outputs }) =>
    [name.padEnd(14), String(offer).padStart(6), String(outputs).padStart(8)].join(''),
  );
  return ['tokens         offer  outputs', ...lines].join('\n');
}
