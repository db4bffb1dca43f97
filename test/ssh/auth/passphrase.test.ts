import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { KeyFiles } from '../../../src/ssh/auth/key-files.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { loginTo } from './login-to.ts';

let sshd: Sshd;
let directory: string;
let locked: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-askpass-'));
  locked = join(directory, 'locked');
  generateKey(locked, 'ed25519', 'correct horse');
  sshd = await startSshd({ authorizedKeys: ({ rsa }) => [rsa, publicKey(locked)] });
});

afterAll(async () => {
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('an encrypted key', () => {
  it('is opened by what SSH_ASKPASS prints, which is given the prompt and asked once for many logins', async () => {
    const { env, asked } = askpass('right', 'echo "correct horse"');
    const keyFiles = new KeyFiles(env);
    const logins = Array.from({ length: 3 }, () =>
      loginTo(sshd, { identityFiles: [locked] }, { env, keyFiles }),
    );
    expect((await Promise.all(logins)).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect((await loginTo(sshd, { identityFiles: [locked] }, { env, keyFiles })).ok).toBe(true);
    expect(asked()).toEqual([`Enter passphrase for key '${locked}': `]);
  });

  it('that many want in the same moment is asked about once', async () => {
    const { env, asked } = askpass('at once', 'echo "correct horse"');
    const keyFiles = new KeyFiles(env);
    await Promise.all(Array.from({ length: 8 }, () => keyFiles.load(locked)));
    expect(asked()).toHaveLength(1);
  });

  it('whose dialog was declined is asked about again after a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { env, asked } = askpass('declined before', 'exit 1');
    const keyFiles = new KeyFiles(env);
    const asks = async () => {
      await expect(keyFiles.load(locked)).rejects.toThrow('needs a passphrase, and none was given');
      return asked().length;
    };
    expect(await asks()).toBe(1);
    vi.advanceTimersByTime(59_000);
    expect(await asks()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(await asks()).toBe(2);
  });

  it('is not asked about when the server would not take it', async () => {
    const { env, asked } = askpass('needless', 'echo "correct horse"');
    const stranger = join(directory, 'stranger');
    generateKey(stranger, 'ed25519', 'correct horse');
    const { ok, report } = await loginTo(sshd, { identityFiles: [stranger, sshd.keys.rsa] }, { env });
    expect(ok).toBe(true);
    expect(report[0]?.outcome).toBe('refused by the server');
    expect(asked()).toEqual([]);
  });

  it.each([
    ['declined', 'exit 1', 'skipped: needs a passphrase, and none was given'],
    ['answered wrongly', 'echo wrong', 'skipped: was given a wrong passphrase'],
  ])(
    'whose dialog is %s is passed over, and not asked about again at once',
    async (name, script, outcome) => {
      const { env, asked } = askpass(name, script);
      const keyFiles = new KeyFiles(env);
      for (let time = 0; time < 2; time += 1) {
        const { ok, report } = await loginTo(
          sshd,
          { identityFiles: [locked, sshd.keys.rsa] },
          { env, keyFiles },
        );
        expect(ok).toBe(true);
        expect(report[0]?.outcome).toBe(outcome);
      }
      expect(asked()).toHaveLength(1);
    },
  );

  it.each([
    ['SSH_ASKPASS_REQUIRE is never', { SSH_ASKPASS_REQUIRE: 'never', DISPLAY: ':0' }],
    ['there is no display to ask on', { SSH_ASKPASS_REQUIRE: undefined }],
  ])('is passed over without asking where %s', async (_, changes) => {
    const { env, asked } = askpass('never', 'echo "correct horse"');
    const { ok, report } = await loginTo(
      sshd,
      { identityFiles: [locked, sshd.keys.rsa] },
      { env: { ...env, ...changes } },
    );
    expect(ok).toBe(true);
    expect(report[0]?.outcome).toBe('skipped: needs a passphrase');
    expect(asked()).toEqual([]);
  });

  it('is passed over where the program cannot be run', async () => {
    const env = { SSH_ASKPASS: join(directory, 'nobody'), SSH_ASKPASS_REQUIRE: 'force' };
    const { ok } = await loginTo(sshd, { identityFiles: [locked, sshd.keys.rsa] }, { env });
    expect(ok).toBe(true);
  });

  it('does not hold up a cancelled call while the dialog is open', async () => {
    const { env } = askpass('slow', 'exec sleep 3');
    const controller = new AbortController();
    const reason = new ScoutError('cancelled', 'the call was cancelled', 'Call again.');
    setTimeout(() => controller.abort(reason), 300);
    const startedMs = performance.now();
    const { ok } = await loginTo(sshd, { identityFiles: [locked] }, { env, signal: controller.signal });
    expect(ok).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

function askpass(name: string, script: string) {
  const [program, log] = [
    join(directory, `askpass-${name.replace(/\W/g, '-')}`),
    join(directory, `${name}.log`),
  ];
  writeFileSync(log, '');
  writeFileSync(program, `#!/bin/sh\necho "$1" >>'${log}'\n${script}\n`);
  chmodSync(program, 0o755);
  const asked = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  return { env: { ...process.env, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' }, asked };
}
