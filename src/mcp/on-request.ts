import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ErrorCode,
  type JSONRPCRequest,
  McpError,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/**
 * Takes requests of the method that `schema` describes. `sent` is the request as it came: the one that zod gives lacks
 * an argument that is called __proto__, so that nobody would refuse it.
 */
export type OnRequest = <Schema extends z.ZodObject<{ method: z.ZodLiteral<string> }>>(
  schema: Schema,
  handle: (
    request: z.output<Schema>,
    extra: Extra,
    sent: JSONRPCRequest,
  ) => ServerResult | Promise<ServerResult>,
) => void;

/**
 * How the server is told what handles a request, but for those that the SDK handles. Each request is checked once, by
 * its own schema. The SDK would check it twice and our result too, and answer a request that does not fit with
 * "internal error" and a dump; here it is "invalid params" (JSON-RPC 2.0 section 5.1) and what is wrong.
 */
export function requestsOf(server: Server): OnRequest {
  const handlers = new Map<string, (request: JSONRPCRequest, extra: Extra) => Promise<ServerResult>>();
  server.fallbackRequestHandler = async (request, extra) => {
    const handler = handlers.get(request.method);
    if (!handler) throw new McpError(ErrorCode.MethodNotFound, 'Method not found');
    return await handler(request, extra);
  };
  return (schema, handle) => {
    handlers.set(schema.shape.method.value, async (request, extra) => {
      const parsed = schema.safeParse(request);
      if (parsed.success) return await handle(parsed.data, extra, request);
      const [issue] = parsed.error.issues;
      throw new McpError(ErrorCode.InvalidParams, `${issue?.path.join('.')}: ${issue?.message}`);
    });
  };
}
