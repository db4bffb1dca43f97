import { CompleteRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Answerer } from '../answer/answerer.ts';
import { callerOf } from './caller.ts';
import type { OnRequest } from './on-request.ts';

/** What one answer of completion/complete may hold (MCP specification, "Completion"). */
const mostValues = 100;

/** completion/complete for the variables of resource templates and the arguments of prompts. */
export function serveCompletions(onRequest: OnRequest, answerer: Answerer): void {
  onRequest(CompleteRequestSchema, async ({ params: { ref, argument, context } }, extra) => {
    const of = ref.type === 'ref/resource' ? { template: ref.uri } : { prompt: ref.name };
    const asked = { variable: argument.name, prefix: argument.value, chosen: context?.arguments ?? {} };
    const { values: all, isCut } = await answerer.complete(of, asked, callerOf(extra));
    const values = all.slice(0, mostValues);
    const total = isCut ? {} : { total: all.length };
    return { completion: { values, ...total, hasMore: isCut || all.length > values.length } };
  });
}
