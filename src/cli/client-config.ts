import { exitCodes } from './exit-codes.ts';

const command = 'npx';
const args = ['-y', 'scout-mcp'];

interface ClientEntry {
  /** Where the entry belongs. */
  readonly place: string;
  readonly entry: string;
}

const mcpServers = json({ mcpServers: { scout: { command, args } } });

/** What to paste where, by the documentation of each client. */
const entries: Readonly<Record<string, ClientEntry>> = {
  'claude-desktop': {
    place: 'claude_desktop_config.json (Settings → Developer → Edit Config)',
    entry: mcpServers,
  },
  'claude-code': {
    place: '.mcp.json of a project; or run: claude mcp add scout -- npx -y scout-mcp',
    entry: json({ mcpServers: { scout: { type: 'stdio', command, args } } }),
  },
  cursor: { place: '~/.cursor/mcp.json, or .cursor/mcp.json of a project', entry: mcpServers },
  vscode: {
    place: '.vscode/mcp.json of a project, or the user’s mcp.json (MCP: Open User Configuration)',
    entry: json({ servers: { scout: { type: 'stdio', command, args } } }),
  },
  windsurf: { place: '~/.codeium/windsurf/mcp_config.json', entry: mcpServers },
  codex: {
    place: '~/.codex/config.toml',
    entry: `[mcp_servers.scout]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}`,
  },
  gemini: { place: '~/.gemini/settings.json', entry: mcpServers },
};

export const clients: readonly string[] = Object.keys(entries);

/** `scout-mcp config CLIENT`: the entry on stdout, where it belongs on stderr. */
export function printClientConfig(client: string): void {
  const known = Object.hasOwn(entries, client) ? entries[client] : undefined;
  if (!known) {
    process.stderr.write(`scout-mcp config: ${client} is not known; there are: ${clients.join(', ')}\n`);
    process.exitCode = exitCodes.wrongUsage;
    return;
  }
  process.stderr.write(`For ${known.place}:\n`);
  process.stdout.write(`${known.entry}\n`);
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
