import type { SettingRow } from '../../src/config.ts';
import { type PackageManifest, plain } from './server-json.ts';

interface Offered {
  readonly name: string;
  readonly description: string;
}

/** The settings that Claude Desktop's form asks for; the others keep their defaults. */
const asked: Readonly<Record<string, { readonly type: 'string' | 'file'; readonly title: string }>> = {
  SCOUT_HOSTS: { type: 'string', title: 'Hosts' },
  SCOUT_SSH_CONFIG: { type: 'file', title: 'OpenSSH configuration' },
  SCOUT_KNOWN_HOSTS: { type: 'file', title: 'known_hosts file' },
  SCOUT_QUERY_POLICY: { type: 'string', title: 'Command policy' },
  SCOUT_KERNEL_WALL: { type: 'string', title: 'Kernel wall' },
  SCOUT_DENY_PATHS: { type: 'string', title: 'Denied paths' },
  SCOUT_BEAM: { type: 'string', title: 'File copies' },
  SCOUT_BEAM_ROOTS: { type: 'string', title: 'Directories for file copies' },
  SCOUT_AUDIT_LOG: { type: 'string', title: 'Audit log' },
};

/** `manifest.json` of the `.mcpb` bundle, in the form 0.3 of the published tool. */
export function mcpbManifest(
  manifest: PackageManifest,
  rows: readonly SettingRow[],
  tools: readonly Offered[],
) {
  const chosen = Object.keys(asked).map((variable) => rowOf(rows, variable));
  return {
    manifest_version: '0.3',
    name: manifest.name,
    display_name: 'scout-mcp',
    version: manifest.version,
    description: 'Looks at your machines over SSH: read-only, safe to auto-approve.',
    long_description:
      'Reads your own OpenSSH configuration and lets the model look around your machines: files, logs, services, ' +
      'containers. Nothing is installed on them, no port is opened, and a tool marked read-only cannot change them.',
    author: { name: 'the scout-mcp authors' },
    ...(manifest.repository && { repository: manifest.repository }),
    server: {
      type: 'node',
      entry_point: 'bin/scout-mcp.js',
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/bin/scout-mcp.js`],
        env: Object.fromEntries(
          chosen.map(({ variable }) => [variable, `\${user_config.${keyOf(variable)}}`]),
        ),
      },
    },
    tools,
    // The settings decide which tools there are, and prompts are written when they are asked for.
    tools_generated: true,
    prompts_generated: true,
    keywords: manifest.keywords,
    license: manifest.license,
    compatibility: { platforms: ['darwin', 'linux', 'win32'], runtimes: { node: '>=20.0.0' } },
    user_config: Object.fromEntries(chosen.map((row) => [keyOf(row.variable), field(row)])),
  };
}

/** A field that is left empty must become an empty variable, which counts as unset: hence the empty default. */
function field({ variable, defaultText, allowed, meaning }: SettingRow) {
  const described = `${meaning}. Allowed: ${allowed}. Empty: ${defaultText}.`;
  return { ...asked[variable], description: plain(described), required: false, default: '' };
}

function rowOf(rows: readonly SettingRow[], variable: string): SettingRow {
  const row = rows.find((each) => each.variable === variable);
  if (!row) throw new Error(`the form asks for ${variable}, which is not a setting`);
  return row;
}

function keyOf(variable: string): string {
  return variable.slice('SCOUT_'.length).toLowerCase();
}
