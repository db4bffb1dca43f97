import type { Server } from '@modelcontextprotocol/sdk/server/index.js';

/** A client that does not say its roots within this time has none, in ms. */
const limitMs = 10_000;

/** The roots of the client (MCP specification, "Roots"), as file URIs. Never rejects: what fails is no root. */
export async function clientRoots(server: Server, signal: AbortSignal): Promise<readonly string[]> {
  if (!server.getClientCapabilities()?.roots) return [];
  try {
    const { roots } = await server.listRoots(undefined, { signal, timeout: limitMs });
    return roots.map(({ uri }) => uri);
  } catch (error) {
    server.onerror?.(error instanceof Error ? error : new Error(String(error)));
    return [];
  }
}
