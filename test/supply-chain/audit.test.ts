import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Advisory, bundledAdvisories } from '../../scripts/release/bundled-advisories.ts';
import '../fixtures/built-program.ts';

const root = join(import.meta.dirname, '..', '..');
const advisory = { id: 1, url: 'https://example.com/1', title: 'it leaks', severity: 'high' };

describe('an advisory', () => {
  const [bundled, nested] = ['node_modules/ssh2', 'node_modules/ssh2/node_modules/ms'];
  const about = (nodes: string[], via: (string | (Advisory & { name: string }))[]) => ({
    vulnerabilities: { ssh2: { nodes, via } },
  });
  const raw = { ...advisory, name: 'ssh2', package: '' };
  const today = '2027-01-31';

  it('about a bundled copy is found, with its address', () => {
    const { url, title, severity } = advisory;
    expect(bundledAdvisories(about(['node_modules/ssh2'], [raw]), [bundled], [], today)).toEqual([
      { package: 'ssh2', url, title, severity },
    ]);
  });

  it('about another copy of a bundled package, or another package, is not ours', () => {
    expect(
      bundledAdvisories(about(['node_modules/x/node_modules/ssh2'], [raw]), [bundled], [], today),
    ).toEqual([]);
    expect(bundledAdvisories(about(['node_modules/ms'], [raw]), [nested], [], today)).toEqual([]);
  });

  it('that only passes through a bundled package is left to the package it is about', () => {
    expect(bundledAdvisories(about(['node_modules/ssh2'], ['express']), [bundled], [], today)).toEqual([]);
  });

  it('that was accepted is let through until the day that was given, and no longer', () => {
    const accepted = (until: string) => [{ url: advisory.url, until, reason: 'we never call it' }];
    const report = about(['node_modules/ssh2'], [raw]);
    expect(bundledAdvisories(report, [bundled], accepted('2027-01-31'), today)).toEqual([]);
    expect(bundledAdvisories(report, [bundled], accepted('2027-01-30'), today)).toHaveLength(1);
  });
});

describe('the gate', () => {
  let registry: Server;
  let asked: Record<string, string[]> | undefined;
  let answer: Record<string, object[]> | undefined;

  beforeAll(async () => {
    registry = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        if (!answer || !request.url?.endsWith('/advisories/bulk')) return response.writeHead(405).end();
        const body = Buffer.concat(chunks);
        asked = JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString());
        return response.end(JSON.stringify(answer));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => registry.once('listening', listening));
  });

  afterAll(() => registry.close());

  it('fails for what is shipped, and says nothing of what only the workshop uses', async () => {
    const every = { ...advisory, vulnerable_versions: '*' };
    answer = { ssh2: [every], express: [{ ...every, id: 2, url: 'https://example.com/2' }] };
    const { code, stdout } = await gate();
    expect(asked).toMatchObject({ ssh2: [expect.any(String)], express: [expect.any(String)] });
    expect(stdout).toContain(
      'audit: high: ssh2: it leaks (https://example.com/1)\naudit: 1 advisories for the',
    );
    expect(stdout).not.toContain('example.com/2');
    expect(code).toBe(1);
  });

  it('says that nothing was checked where the registry does not answer, and fails where it must be', async () => {
    answer = undefined;
    expect(await gate('--require')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^audit: NOT CHECKED: .* no answer about \d+ packages \(.*405/),
    });
  });

  async function gate(...args: string[]) {
    const { port } = registry.address() as AddressInfo; // a TCP server's address is never a text
    const child = spawn(
      process.execPath,
      ['scripts/run-ts.js', 'scripts/release/audit-bundled.ts', ...args],
      {
        cwd: root,
        env: {
          ...process.env,
          npm_config_registry: `http://127.0.0.1:${port}`,
          npm_config_fetch_retries: '0',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return { stdout: await textOf(child), code: child.exitCode };
  }
});

async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((closed) => child.once('close', closed));
  return text;
}
