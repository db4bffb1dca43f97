import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { Protocol, type RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ErrorCode,
  McpError,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';

/** Without what the SDK's Server adds for `tools/call`: it would parse the request, and our own result, once more. */
const { setRequestHandler } = Protocol.prototype;

/**
 * Handle requests of the method that `schema` describes. The SDK would answer a request that does not fit with
 * "internal error" and a dump; here it is "invalid params" (JSON-RPC 2.0 section 5.1) and what is wrong.
 */
export function onRequest<Schema extends z.ZodObject<{ method: z.ZodLiteral<string> }>>(
  server: Server,
  schema: Schema,
  handle: (
    request: z.output<Schema>,
    extra: RequestHandlerExtra<ServerRequest, ServerNotification>,
  ) => ServerResult | Promise<ServerResult>,
): void {
  const anyParams = z.looseObject({ method: schema.shape.method });
  setRequestHandler.call(server, anyParams, async (request, extra) => {
    const parsed = schema.safeParse(request);
    if (parsed.success) return await handle(parsed.data, extra);
    const [issue] = parsed.error.issues;
    throw new McpError(ErrorCode.InvalidParams, `${issue?.path.join('.')}: ${issue?.message}`);
  });
}
