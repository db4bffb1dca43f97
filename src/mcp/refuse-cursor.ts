import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';

/** Lists are whole in one page, so that no cursor was ever given (MCP specification, "Pagination"). */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined)
    throw new McpError(ErrorCode.InvalidParams, 'Unknown cursor: the list has one page.');
}
