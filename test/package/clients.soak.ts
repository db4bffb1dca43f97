import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The entries of `scout-mcp config`, read by the clients they are for. The clients come from npm (some 700 MB), are
// not asked to log in anywhere, and have a home of their own.

const root = join(import.meta.dirname, '..', '..');
const versions = {
  '@anthropic-ai/claude-code': '2.1.330',
  '@google/gemini-cli': '0.61.0',
  '@openai/codex': '0.169.0',
};
let home: string;
let project: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'scout-clients-'));
  project = join(home, 'project');
  mkdirSync(project);
  for (const directory of [home, project])
    writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  const clients = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  npm(home, 'install', '--ignore-scripts', ...clients);
  // The entries start `npx -y scout-mcp`; npx takes the one that is installed where it runs.
  const [{ filename }] = JSON.parse(
    npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', home),
  );
  npm(project, 'install', '--offline', '--ignore-scripts', join(home, filename));
}, 600_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the entry for', () => {
  it('claude-code is taken by Claude Code, which starts the server and talks to it', () => {
    const { mcpServers } = JSON.parse(entry('claude-code'));
    const claude = join(home, 'node_modules/@anthropic-ai/claude-code-linux-x64/claude');
    run(claude, ['mcp', 'add-json', 'scout', JSON.stringify(mcpServers.scout)]);
    expect(run(claude, ['mcp', 'list'])).toMatch(/scout: npx -y scout-mcp - \S* ?Connected/);
  });

  it('gemini is taken by Gemini CLI, which starts the server and talks to it', () => {
    mkdirSync(join(home, '.gemini'), { recursive: true });
    writeFileSync(join(home, '.gemini/settings.json'), entry('gemini'));
    const gemini = join(home, 'node_modules/.bin/gemini');
    expect(run(gemini, ['mcp', 'list'], 'both')).toMatch(/scout: npx -y scout-mcp \(stdio\) - Connected/);
  });

  it('codex is taken by Codex', () => {
    mkdirSync(join(home, '.codex'), { recursive: true });
    writeFileSync(join(home, '.codex/config.toml'), entry('codex'));
    const listed = JSON.parse(run(join(home, 'node_modules/.bin/codex'), ['mcp', 'list', '--json']));
    expect(listed).toMatchObject([
      {
        name: 'scout',
        enabled: true,
        transport: { type: 'stdio', command: 'npx', args: ['-y', 'scout-mcp'] },
      },
    ]);
  });
});

function entry(client: string): string {
  return run(join(project, 'node_modules/.bin/scout-mcp'), ['config', client]);
}

/** stdout of a program that runs in the project with nothing of this machine's settings, or both where it uses both. */
function run(program: string, args: readonly string[], which: 'stdout' | 'both' = 'stdout'): string {
  const env = { PATH: process.env.PATH, HOME: home, GEMINI_CLI_TRUST_WORKSPACE: 'true', NO_COLOR: '1' };
  const ran = spawnSync(program, args, { cwd: project, env, encoding: 'utf8', timeout: 60_000 });
  if (ran.status !== 0) throw new Error(`${program} ended with ${ran.status}: ${ran.stderr}`);
  return which === 'both' ? ran.stdout + ran.stderr : ran.stdout;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, encoding: 'utf8' });
}
