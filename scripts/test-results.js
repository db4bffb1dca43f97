/** Where the check leaves vitest's JSON report; inside node_modules, so that no tool takes it for a source. */
export const testResults = 'node_modules/.cache/scout-mcp/test-results.json';
