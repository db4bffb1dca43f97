import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enter, type Ground, makeGround, never } from './ground.ts';

const kills = 8;
const sizeBytes = 256 * 1024;

/** Writes version after version of one file, each of one letter, until it is killed. */
const writer = (module: string, root: string) => `
  const { localPlaces } = await import(${JSON.stringify(module)});
  const denied = { entries: [], denies: () => false };
  const places = localPlaces({ roots: [${JSON.stringify(root)}], denied, own: [], homeDir: '/' });
  const signal = new AbortController().signal;
  const area = await places.enter(signal);
  for (let version = 0; ; version++) {
    const letter = 'abcdefgh'[version % 8];
    const path = area.resolve('file');
    const target = await area.createTarget(path, { overwrite: true, resume: true, sourceId: letter }, signal);
    const block = Buffer.alloc(${sizeBytes} / 16, letter);
    for (let at = target.partBytes; at < ${sizeBytes}; at += block.length) {
      await target.part.write(block, 0, Math.min(block.length, ${sizeBytes} - at), at);
    }
    await target.commit({ mode: 0o644, mtimeMs: 1_000_000 });
    if (version === 8) process.stdout.write('going');
  }
`;

test('whenever the writer is killed, the file is whole, and what is beside it is a part to go on with', async () => {
  const ground = makeGround();
  writeFileSync(`${ground.root}/file`, 'a'.repeat(sizeBytes));
  const module = join(ground.base, 'local.mjs');
  const words = [
    'src/local/local-places.ts',
    '--bundle',
    '--platform=node',
    '--format=esm',
    `--outfile=${module}`,
  ];
  execFileSync('node_modules/.bin/esbuild', words, { stdio: 'ignore' });
  let parts = 0;
  for (let kill = 0; kill < kills; kill++) {
    await runAndKill(module, ground, kill);
    expect(isWhole(readFileSync(`${ground.root}/file`, 'latin1'))).toBe(true);
    const others = readdirSync(ground.root).filter((name) => !['file', 'plain.txt', 'sub'].includes(name));
    for (const name of others) expect(name).toMatch(/^\.file\.[0-9a-f]{16}\.scout-part$/);
    expect(others.length).toBeLessThanOrEqual(8);
    parts += others.length;
  }
  expect(parts).toBeGreaterThan(0);
  await finishAll(ground);
  expect(readdirSync(ground.root).sort()).toEqual(['file', 'plain.txt', 'sub']);
});

async function runAndKill(module: string, { root }: Ground, kill: number): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer(module, root)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  // Spread over the some milliseconds that one version takes.
  await new Promise((resolve) => setTimeout(resolve, kill * 1.7 + Math.random() * 5));
  child.kill('SIGKILL');
  await gone;
}

function isWhole(content: string): boolean {
  return content.length === sizeBytes && content === content.charAt(0).repeat(sizeBytes);
}

/** Every part holds the beginning of its own version, and is used up by the next try. */
async function finishAll(ground: Ground): Promise<void> {
  const area = await enter(ground);
  for (const letter of 'abcdefgh') {
    const options = { overwrite: true, resume: true, sourceId: letter };
    const target = await area.createTarget(area.resolve(`${ground.root}/file`), options, never);
    const { bytesRead, buffer } = await target.part.read(Buffer.alloc(sizeBytes), 0, sizeBytes, 0);
    expect(bytesRead).toBe(target.partBytes);
    expect(buffer.subarray(0, bytesRead).equals(Buffer.alloc(bytesRead, letter))).toBe(true);
    await target.discard();
  }
}
