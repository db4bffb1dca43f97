import type { SettingRow } from '../../src/config.ts';

/** What of package.json the manifests of a release are made from. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly mcpName: string;
  readonly license: string;
  readonly keywords: readonly string[];
  /** Known only once a release knows where it is published from (`stamp.ts`). */
  readonly repository?: { readonly type: string; readonly url: string };
}

/** The registry's form of this date; its rules stand in `test/supply-chain/server-json-rules.ts`. */
const schema = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** At most 100 characters, says the schema. */
const description =
  'Looks at your machines over SSH: read-only, safe to auto-approve, by your own ssh configuration';

/** `server.json`, by which the MCP registry lists this package and clients offer its settings; `add-bundle.js` adds a release's `.mcpb`. */
export function serverJson(manifest: PackageManifest, rows: readonly SettingRow[]) {
  const { name, version, mcpName, repository } = manifest;
  const environmentVariables = rows.map(environmentVariable);
  const transport = { type: 'stdio' };
  return {
    $schema: schema,
    name: mcpName,
    title: 'scout-mcp',
    description,
    ...(repository && { repository: { url: browsable(repository.url), source: 'github' } }),
    version,
    packages: [
      { registryType: 'npm', identifier: name, version, runtimeHint: 'npx', transport, environmentVariables },
    ],
  };
}

/** One setting; without a `default`, because unset is what gives the product's own. */
function environmentVariable({ variable, defaultText, allowed, meaning }: SettingRow) {
  const choices = choicesOf(allowed);
  return {
    name: variable,
    description: plain(choices.length > 0 ? meaning : `${meaning}. Allowed: ${allowed}`),
    format: allowed === 'a path' ? 'filepath' : 'string',
    placeholder: plain(defaultText),
    ...(choices.length > 0 && { choices }),
  };
}

/** `on, off` is a choice of two; a sentence is none. */
function choicesOf(allowed: string): string[] {
  return /^[a-z\d-]+(?:, [a-z\d-]+)+$/.test(allowed) ? allowed.split(', ') : [];
}

/** Text of README's table without its markup. */
export function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

function browsable(url: string): string {
  return url.replace(/^git\+/, '').replace(/\.git$/, '');
}
