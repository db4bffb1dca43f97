import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Caller } from '../answer/begin-call.ts';

/** Where a result says by which correlation id log, audit and trace know the call. */
export const callIdKey = 'scout-mcp/call_id';

/**
 * An MCP request as the answer room sees it: cancellation, the trace it belongs to, and progress where the client gave
 * a token.
 */
export function callerOf(
  extra: RequestHandlerExtra<ServerRequest, ServerNotification>,
  begun: (callId: string) => void = () => {},
): Caller {
  const progressToken = extra._meta?.progressToken;
  const traceparent = extra._meta?.traceparent;
  const caller = { signal: extra.signal, begun, ...(typeof traceparent === 'string' && { traceparent }) };
  if (progressToken === undefined) return caller;
  return {
    ...caller,
    progress: (progress) => {
      const params = { progressToken, ...mcpProgress(progress) };
      // a client that is gone is noticed by the transport
      extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}

function mcpProgress({ done, total, message }: Parameters<NonNullable<Caller['progress']>>[0]) {
  return { progress: done, ...(total !== undefined && { total }), ...(message !== undefined && { message }) };
}
