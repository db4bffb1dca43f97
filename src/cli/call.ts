import * as z from 'zod';
import type { Tool } from '../define.ts';
import { scoutBeam } from '../tools/scout-beam.ts';
import { exitCodes } from './exit-codes.ts';
import { withScout } from './with-scout.ts';

/** `scout-mcp call TOOL key=value… [--json]` */
export async function runCall(
  name: string,
  pairs: readonly string[],
  options: { readonly json?: boolean },
): Promise<void> {
  await withScout({ reader: 'for a model', json: options.json }, async ({ answerer }, caller) => {
    const offered = answerer.tools.find((each) => each.name === name);
    const tool = offered ?? (name === scoutBeam.name ? scoutBeam : undefined); // which says by itself that it is off
    if (!tool)
      return wrongUsage(
        `there is no tool ${JSON.stringify(name)}; there are: ${answerer.tools.map((each) => each.name).join(', ')}`,
      );
    const args = argumentsOf(tool, pairs);
    if (typeof args === 'string') return wrongUsage(args);
    return await answerer.callTool(tool, args, caller);
  });
}

/** Below what makes it optional; undefined for an argument that the tool does not have. */
function typeOf({ input }: Tool, key: string): z.core.$ZodType['_zod']['def']['type'] | undefined {
  let schema: z.core.$ZodType | undefined = Object.hasOwn(input.shape, key) ? input.shape[key] : undefined;
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) schema = schema.unwrap();
  return schema?._zod.def.type;
}

function wrongUsage(message: string): undefined {
  process.stderr.write(`scout-mcp call: ${message}\n`);
  process.exitCode = exitCodes.wrongUsage;
}

/**
 * Values as the tool's schema types them, or what is wrong with the pairs. What the schema does not know stays
 * text, and the tool says so.
 */
export function argumentsOf(tool: Tool, pairs: readonly string[]): Record<string, unknown> | string {
  const args = new Map<string, unknown>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals <= 0) return `${JSON.stringify(pair)} is not key=value`;
    const key = pair.slice(0, equals);
    const text = pair.slice(equals + 1);
    const type = typeOf(tool, key);
    const before = args.get(key);
    if (type === 'array') args.set(key, [...(Array.isArray(before) ? before : []), ...listOf(text)]);
    else if (before !== undefined) return `${key} is given twice, and it takes one value`;
    else
      args.set(
        key,
        type === undefined || type === 'string' || type === 'enum' ? text : (fromJson(text) ?? text),
      );
  }
  return Object.fromEntries(args);
}

/** `["a","b"]`, or one element. */
function listOf(text: string): readonly unknown[] {
  const parsed = text.startsWith('[') ? fromJson(text) : undefined;
  return Array.isArray(parsed) ? parsed : [text];
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
