import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../fixtures/janitor.ts';
import { shareClientKeys } from '../fixtures/keys.ts';
import { installPackages } from './packages.ts';

/** Before the first test: the machine has what the tests need, and the clients' keys are made. */
export default function setUp(): () => Promise<void> {
  installPackages();
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }); // sshd asks for it
  const keys = mkdtempSync(join(tmpdir(), 'scout-keys-'));
  const removeKeys = afterwards(`rm -rf '${keys}'`);
  shareClientKeys(keys);
  return removeKeys;
}
