import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { generateKey, publicKey } from '../fixtures/keys.ts';
import { startSshd } from '../fixtures/sshd.ts';

it('the built program decrypts a key, with tables that it computes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'scout-encrypted-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [locked, askpass] = [join(directory, 'locked'), join(directory, 'askpass')];
  generateKey(locked, 'ed25519', 'correct horse');
  writeFileSync(askpass, '#!/bin/sh\necho "correct horse"\n', { mode: 0o755 });
  const sshd = await startSshd({ authorizedKeys: () => [publicKey(locked)] });
  onTestFinished(() => sshd.stop());
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bin, 'call', 'scout_query', 'hosts=web1', 'command=echo in'],
    {
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        SSH_ASKPASS: askpass,
        SSH_ASKPASS_REQUIRE: 'force',
        SCOUT_SSH_CONFIG: sshd.writeConfig(sshd.configFor('web1', { IdentityFile: locked })),
        SCOUT_SSH_ENGINE: 'ssh2',
      },
    },
  );
  expect(stdout).toMatch(/^in$/m);
});
