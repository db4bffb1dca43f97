import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { bookAt, bookOf, homeWith, soon } from './fixture.ts';

describe('Match exec', () => {
  it('never runs and never matches when it is turned off, negated or not', async () => {
    const homeDir = homeWith({});
    const marker = join(homeDir, 'ran');
    const config = `Match exec "touch ${marker}"\n User yes\nMatch !exec "touch ${marker}; false"\n User no\n`;
    const book = bookOf(config, { matchExec: false });
    const { user } = await book.resolve('a', soon());
    expect(['yes', 'no']).not.toContain(user);
    expect(existsSync(marker)).toBe(false);
  });

  it('runs by the shell of the environment with nothing on its streams', async () => {
    const homeDir = homeWith({});
    const out = join(homeDir, 'out');
    const config = `Match exec "echo \${0##*/} > ${out}; cat; echo noise; echo noise >&2; test ! -t 1"\n User ran\n`;
    const book = bookOf(config, { env: { PATH: process.env.PATH, SHELL: '/bin/bash' } });
    expect((await book.resolve('a', soon())).user).toBe('ran');
    expect(readFileSync(out, 'utf8')).toBe('bash\n');
  });

  it('is killed with its children when the call ends', async () => {
    const homeDir = homeWith({});
    const pidFile = join(homeDir, 'pid');
    const book = bookAt(
      homeWith({ config: `Match exec "sleep 300 & echo $! > ${pidFile}; wait"\n User never\n` }),
    );
    const controller = new AbortController();
    const resolving = book.resolve('a', controller.signal);
    await vi.waitFor(() => expect(readFileSync(pidFile, 'utf8')).toMatch(/\d+\n/), 5_000);
    const reason = new ScoutError('cancelled', 'the call was cancelled', 'Call again.');
    controller.abort(reason);
    await expect(resolving).rejects.toBe(reason);
    await vi.waitFor(() => expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false), 5_000);
  });

  it('is a refusal, not a crash, when the shell cannot be run', async () => {
    const book = bookOf('Match exec true\n User u\n', { env: { SHELL: '/nonexistent/shell' } });
    await expect(book.resolve('a', soon())).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/config:1: the shell/),
    });
  });
});

/** A zombie that nobody waits for in this container has ended, too. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
