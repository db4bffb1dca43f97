import { withScout } from './with-scout.ts';

/** `scout-mcp hosts [PATTERN] [--probe] [--json]` */
export async function runHosts(
  pattern: string | undefined,
  options: { readonly probe?: boolean; readonly json?: boolean },
): Promise<void> {
  await withScout({ reader: 'for a person', json: options.json }, async ({ answerer }, caller) => {
    const tool = answerer.tools.find(({ name }) => name === 'scout_hosts');
    if (!tool) throw new Error('scout_hosts is always offered');
    const args = { ...(pattern !== undefined && { hosts: pattern }), ...(options.probe && { probe: true }) };
    return await answerer.callTool(tool, args, caller);
  });
}
