import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HostBook, type HostBookOptions } from '../../../src/ssh/hosts/host-book.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';

/** A home directory with ~/.ssh/config and what it includes, removed when the test ends. */
export function homeWith(files: Readonly<Record<string, string>>): string {
  const homeDir = mkdtempSync(join(tmpdir(), 'scout-hosts-'));
  onTestFinished(() => rmSync(homeDir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) writeConfig(homeDir, path, text);
  return homeDir;
}

export function writeConfig(homeDir: string, path: string, text: string): void {
  const full = join(homeDir, '.ssh', path);
  mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
  writeFileSync(full, text, { mode: 0o600 });
}

/** A book over ~/.ssh/config of `homeDir` alone. */
export function bookAt(homeDir: string, options: Partial<HostBookOptions> = {}): HostBook {
  const book = new HostBook({
    configFile: join(homeDir, '.ssh', 'config'),
    patterns: [],
    matchExec: true,
    env: { PATH: process.env.PATH, SHELL: '/bin/sh' },
    homeDir,
    ...options,
  });
  onTestFinished(() => book.close());
  return book;
}

/** A book over one configuration text. */
export function bookOf(config: string, options: Partial<HostBookOptions> = {}): HostBook {
  return bookAt(homeWith({ config }), options);
}

export const soon = (): AbortSignal => AbortSignal.timeout(10_000);

/** The settings of a host as a call asks for them: by its name among others first. */
export async function askFor(book: HostBook, alias: string): Promise<HostSettings> {
  const [host = alias] = await book.select(alias);
  return await book.resolve(host, soon());
}
