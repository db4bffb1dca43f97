import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDemoFleet } from '../../src/demo/demo-fleet.ts';
import { walk } from '../../src/demo/walk.ts';
import { ScoutError } from '../../src/errors.ts';
import { allProcesses, commandLine } from '../fixtures/processes.ts';
import { until } from '../fixtures/until.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout walk % '));
  vi.stubEnv('TMPDIR', directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** A program that a client would start instead of the server. */
function program(source: string): string {
  const path = join(dirname(directory), `${directory.slice(-6)}.mjs`);
  writeFileSync(path, source);
  return path;
}

async function walkWith(source: string, signal?: AbortSignal) {
  const bin = program(source);
  const lines: string[] = [];
  try {
    const worked = await walk((line) => lines.push(line), { bin, ...(signal && { signal }) });
    const left = allProcesses().filter(({ pid }) => commandLine(pid).includes(bin));
    return { worked, text: lines.join('\n'), left };
  } finally {
    rmSync(bin);
  }
}

describe('a demo that fails', () => {
  it('says so, shows what the server wrote to stderr, and leaves nothing behind', async () => {
    const { worked, text, left } = await walkWith("console.error('no such luck'); process.exit(3);");
    expect(worked).toBe(false);
    expect(text).toMatch(/The demo stopped: .*closed/i);
    expect(text).toMatch(/\n0 of \d+ questions were answered as they should be, in /);
    expect(left).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('counts the answers that are not what they should be', async () => {
    const { worked, text } = await walkWith(`
      import { createInterface } from 'node:readline';
      const results = {
        initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {}, resources: {}, completions: {}, prompts: {} }, serverInfo: { name: 'x', version: '1' } },
        'tools/list': { tools: [] },
        'resources/list': { resources: [] },
        'resources/templates/list': { resourceTemplates: [] },
        'prompts/list': { prompts: [] },
        'prompts/get': { messages: [] },
        'tools/call': { content: [{ type: 'text', text: 'nothing here' }] },
        'resources/read': { contents: [] },
        'completion/complete': { completion: { values: [] } },
      };
      createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method } = JSON.parse(line);
        if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] }));
      });
    `);
    expect(worked).toBe(false);
    expect(text).toContain('✗ expected scout_hosts');
    expect(text).toContain('✗ expected a refusal');
    expect(text).toMatch(/\n0 of \d+ questions/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is over soon after it was interrupted, though the server says nothing', async () => {
    const controller = new AbortController();
    const silent = walkWith('process.stdin.resume();', controller.signal);
    await until(() => readdirSync(directory).length > 0);
    controller.abort(new ScoutError('cancelled', 'it was interrupted', 'Start it again.'));
    const { worked, text, left } = await silent;
    expect(worked).toBe(false);
    expect(text).toContain('The demo stopped: it was interrupted');
    expect(left).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('the hosts of the demo', () => {
  it('are described by a configuration that OpenSSH reads, in a directory of their own', async () => {
    const fleet = await startDemoFleet();
    try {
      expect(statSync(dirname(fleet.sshConfig)).mode & 0o777).toBe(0o700);
      const { stdout } = spawnSync('ssh', ['-F', fleet.sshConfig, '-G', 'db1'], { encoding: 'utf8' });
      expect(stdout).toContain('\nproxyjump bastion\n');
      const ended = spawnSync('ssh', ['-F', fleet.sshConfig, '-o', 'BatchMode=yes', '-V']);
      expect(ended.status).toBe(0);
      expect(
        readFileSync(join(dirname(fleet.sshConfig), 'known_hosts'), 'utf8')
          .trim()
          .split('\n'),
      ).toHaveLength(4);
    } finally {
      await fleet.stop();
    }
    expect(existsSync(fleet.sshConfig)).toBe(false);
    expect(process.listeners('exit').map(String).join('')).not.toContain('removeFiles');
  });
});
