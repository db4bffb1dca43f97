import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CompleteRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Answerer } from '../answer/answerer.ts';
import { onRequest } from './on-request.ts';

/** What one answer of completion/complete may hold (MCP specification, "Completion"). */
const mostValues = 100;

/** completion/complete for the variables of resource templates. */
export function serveCompletions(server: Server, answerer: Answerer): void {
  onRequest(server, CompleteRequestSchema, async ({ params: { ref, argument } }) => {
    if (ref.type !== 'ref/resource') return { completion: { values: [], total: 0, hasMore: false } };
    const all = await answerer.complete(ref.uri, argument.name, argument.value);
    const values = all.slice(0, mostValues);
    return { completion: { values, total: all.length, hasMore: all.length > values.length } };
  });
}
