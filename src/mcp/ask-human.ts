import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AskHuman } from '../call.ts';

/** The longest that a timer takes: the signal is the limit. */
const noLimitMs = 2 ** 31 - 1;

/** Whether the client has a way to ask its human. */
export function canAskHuman(server: Server): boolean {
  return server.getClientCapabilities()?.elicitation?.form !== undefined;
}

/**
 * Ask by elicitation/create (MCP specification, "Elicitation") with a form that has no field: to accept it is the
 * answer. Never rejects; false where the client cannot ask, or failed to.
 */
export async function askHuman(
  server: Server,
  ...[question, signal]: Parameters<AskHuman>
): Promise<boolean> {
  if (!canAskHuman(server)) return false;
  const requestedSchema = { type: 'object' as const, properties: {} };
  try {
    const { action } = await server.request(
      { method: 'elicitation/create', params: { message: question, requestedSchema } },
      ElicitResultSchema,
      { signal, timeout: noLimitMs },
    );
    return action === 'accept';
  } catch (error) {
    server.onerror?.(error instanceof Error ? error : new Error(String(error)));
    return false;
  }
}
