import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { ScoutError } from '../../../src/errors.ts';
import { HostSession } from '../../../src/ssh/pool/host-session.ts';
import { wallPlan } from '../../../src/ssh/wall/plan.ts';
import { localConnection } from '../shell/local-connection.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-doors-'));
const file = join(directory, 'file');
writeFileSync(file, 'text\n');
/** Which no shell gives in a few milliseconds. */
const long = join(directory, 'long');
writeFileSync(long, '');
truncateSync(long, 64 * 1024 * 1024);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each([
  ['is, where the dial says that the host is near', 0, false, true],
  ['is, where the dial says far and the shell is quick: this process was busy', 50, false, true],
  ['is not, where both say far', 50, true, false],
])('SFTP opened ahead of a read: %s', async (_, dialedMs, isSlow, isOpened) => {
  const config = loadConfig({ SCOUT_KERNEL_WALL: 'off' });
  let isAsked = false;
  const local = localConnection({ loginShell: '/bin/sh' });
  const connection = {
    ...local,
    roundTripMs: dialedMs,
    sftp: () => {
      isAsked = true;
      return Promise.reject(new ScoutError('no_sftp', 'no SFTP here', 'Install it.'));
    },
  };
  const session = new HostSession(connection, 'web1', {
    maxChannels: 8,
    nice: false,
    denied: config.denyPaths,
    wall: wallPlan(config),
  });
  const path = isSlow ? long : file;
  const request = { path, firstLine: 1, lines: undefined, maxBytes: 2 ** 26, depth: 1 };
  for (let read = 0; read < (isSlow ? 3 : 60) && !isAsked; read += 1)
    await session.read(request, AbortSignal.timeout(20_000));
  local.vanish();
  expect(isAsked).toBe(isOpened);
});
