import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Caller } from '../answer/begin-call.ts';

/** An MCP request as the answer room sees it: cancellation, and progress where the client gave a token. */
export function callerOf(extra: RequestHandlerExtra<ServerRequest, ServerNotification>): Caller {
  const progressToken = extra._meta?.progressToken;
  if (progressToken === undefined) return { signal: extra.signal };
  return {
    signal: extra.signal,
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
