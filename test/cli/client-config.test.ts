import { describe, expect, it } from 'vitest';
import { clients } from '../../src/cli/client-config.ts';
import { run } from './run-main.ts';

/** Where each client looks for its servers, by its own documentation. */
const keys: Readonly<Record<string, string>> = {
  'claude-desktop': 'mcpServers',
  'claude-code': 'mcpServers',
  cursor: 'mcpServers',
  vscode: 'servers',
  windsurf: 'mcpServers',
  codex: 'mcp_servers',
  gemini: 'mcpServers',
};

describe('scout-mcp config', () => {
  it('knows every client that this test knows', () => {
    expect([...clients].sort()).toEqual(Object.keys(keys).sort());
  });

  it.each(Object.entries(keys))(
    'gives %s one server under %s, started by npx, and no setting',
    async (client, key) => {
      const { stdout, stderr, code } = await run('config', client);
      const parsed = client === 'codex' ? parseToml(stdout) : JSON.parse(stdout);
      expect(Object.keys(parsed)).toEqual([key]);
      const { type = 'stdio', ...server } = parsed[key].scout;
      expect({ type, server }).toEqual({
        type: 'stdio',
        server: { command: 'npx', args: ['-y', 'scout-mcp'] },
      });
      expect(stderr).toMatch(/^For .*:\n$/);
      expect(code).toBe(0);
    },
  );
});

/** As much TOML as an entry has: tables with dotted names, and values that JSON writes alike. */
function parseToml(text: string) {
  const root: Record<string, Record<string, Record<string, unknown>>> = {};
  let table: Record<string, unknown> = {};
  for (const line of text.split('\n').filter(Boolean)) {
    const [, section, name] = /^\[(\w+)\.(\w+)\]$/.exec(line) ?? [];
    if (section && name) {
      table = {};
      root[section] = { ...root[section], [name]: table };
      continue;
    }
    const [, key, value] = /^(\w+) = (.+)$/.exec(line) ?? [];
    if (!key || !value) throw new Error(`not TOML: ${line}`);
    table[key] = JSON.parse(value);
  }
  return root;
}
