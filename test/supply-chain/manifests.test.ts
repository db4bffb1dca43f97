import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpbManifest } from '../../scripts/release/mcpb-manifest.ts';
import { serverJson } from '../../scripts/release/server-json.ts';
import { loadConfig, settingRows } from '../../src/config.ts';
import { settings } from '../../src/settings.ts';
import { tools } from '../../src/tools/index.ts';
import { serverJsonRules } from './server-json-rules.ts';

const root = join(import.meta.dirname, '..', '..');
const manifest = json('package.json');
const rows = settingRows();

describe('server.json', () => {
  const server = json('server.json');

  it('is what the code gives', () => {
    expect(server).toEqual(serverJson(manifest, rows));
  });

  it('keeps the rules of the MCP registry', () => {
    expect(serverJsonRules.safeParse(server).error).toBeUndefined();
  });

  it('names the package as package.json does, at the same version', () => {
    const { name, version, mcpName } = manifest;
    expect(server).toMatchObject({ name: mcpName, version, packages: [{ identifier: name, version }] });
  });

  it('offers every setting, with the very values that the program takes', () => {
    const [{ environmentVariables }] = server.packages;
    const offered = rows.map(({ variable }) => variable);
    expect(environmentVariables.map(({ name }: { name: string }) => name)).toEqual(offered);
    const withChoices = environmentVariables.filter(({ choices }: { choices?: string[] }) => choices);
    expect(withChoices.length).toBeGreaterThan(5);
    for (const { name, choices } of withChoices) {
      for (const choice of choices) expect(() => loadConfig({ [name]: choice })).not.toThrow();
    }
  });
});

describe('the manifest of the bundle', () => {
  const bundle = json('deploy/mcpb/manifest.json');
  const { command, args, env } = bundle.server.mcp_config;

  it('is what the code gives', () => {
    const config = loadConfig({});
    const offered = tools
      .filter((tool) => tool.offered(config))
      .map((tool) => ({ name: tool.name, description: tool.description(config) }));
    expect(bundle).toEqual(mcpbManifest(manifest, rows, offered));
  });

  it('has a field for each variable it sets, and a variable for each field', () => {
    const variables = Object.values<{ variable: string }>(settings).map(({ variable }) => variable);
    expect(variables).toEqual(expect.arrayContaining(Object.keys(env)));
    const used = Object.values<string>(env).map((text) => /^\$\{user_config\.(\w+)\}$/.exec(text)?.[1]);
    expect(used).toEqual(Object.keys(bundle.user_config));
  });

  it('changes nothing where no field is filled in', () => {
    const filled = Object.fromEntries(Object.keys(env).map((variable) => [variable, '']));
    for (const field of Object.values(bundle.user_config)) {
      expect(field).toMatchObject({ default: '', required: false });
    }
    expect(loadConfig(filled)).toEqual(loadConfig({}));
  });

  it('starts the program that the package starts', () => {
    expect([command, ...args]).toEqual(['node', `\${__dirname}/${manifest.bin['scout-mcp']}`]);
    expect(bundle.server.entry_point).toBe(manifest.bin['scout-mcp']);
  });

  it('cannot ask for what is no setting', () => {
    expect(() => mcpbManifest(manifest, [], [])).toThrow('SCOUT_HOSTS, which is not a setting');
  });
});

describe('a release', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'scout-stamp-'));
    for (const path of ['package.json', 'server.json', 'scripts', 'src', 'deploy']) {
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('is not published from a checkout that does not say whose it is', () => {
    const { status, stderr } = run('assert-stamped.js');
    expect(status).toBe(1);
    expect(stderr).toContain('release.yml');
  });

  it('is published under the name of the repository that publishes it, bundle included', () => {
    expect(run('stamp.js', 'somebody').stderr).toContain(
      'usage: node scripts/release/stamp.js OWNER/REPOSITORY',
    );
    expect(run('stamp.js', 'somebody/scout').status).toBe(0);
    writeFileSync(join(copy, 'x.mcpb'), 'bytes');
    expect(run('add-bundle.js', 'https://example.com/x.mcpb', 'x.mcpb').status).toBe(0);
    expect(run('assert-stamped.js').status).toBe(0);
    const server = JSON.parse(readFileSync(join(copy, 'server.json'), 'utf8'));
    expect(serverJsonRules.safeParse(server).error).toBeUndefined();
    expect(server).toMatchObject({
      name: 'io.github.somebody/scout-mcp',
      repository: { url: 'https://github.com/somebody/scout', source: 'github' },
    });
    expect(server.packages[1].fileSha256).toBe(createHash('sha256').update('bytes').digest('hex'));
    const stamped = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    expect(stamped.mcpName).toBe(server.name);
    expect(stamped.repository.url).toBe('git+https://github.com/somebody/scout.git');
  });

  it('has notes only where tag, package, server.json and changelog say the same version', () => {
    execFileSync(
      'sh',
      ['-c', "printf '# Changelog\n\n## Unreleased\n\n## 0.0.9\n\n- old\n' > CHANGELOG.md"],
      {
        cwd: copy,
      },
    );
    expect(run('notes.js', 'v9.9.9').stderr).toContain('the tag is v9.9.9');
    expect(run('notes.js', `v${manifest.version}`).stderr).toContain(`no heading "## ${manifest.version}"`);
    const heading = `## [${manifest.version}] - 2027-01-01`;
    writeFileSync(join(copy, 'CHANGELOG.md'), `# Changelog\n\n${heading}\n\n- new\n\n## 0.0.9\n\n- old\n`);
    expect(run('notes.js', `v${manifest.version}`)).toMatchObject({ status: 0, stdout: '- new\n' });
    const server = readFileSync(join(copy, 'server.json'), 'utf8');
    writeFileSync(
      join(copy, 'server.json'),
      server.replace(/^ {2}"version": "[^"]+"/m, '  "version": "0.0.9"'),
    );
    expect(run('notes.js', `v${manifest.version}`).stderr).toContain('server.json says 0.0.9');
  });

  function run(script: string, ...args: string[]) {
    const file = join('scripts', 'release', script);
    return spawnSync(process.execPath, [file, ...args], { cwd: copy, encoding: 'utf8' });
  }
});

function json(file: string) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}
