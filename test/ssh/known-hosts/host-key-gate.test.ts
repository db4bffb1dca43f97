import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import type { Observed } from '../../../src/observer.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { HostKeyGate, type HostKeyGateOptions } from '../../../src/ssh/known-hosts/host-key-gate.ts';
import { UnansweredHostKey } from '../../../src/ssh/known-hosts/unanswered-host-key.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { aHost } from './a-host.ts';

let directory: string;
let key: string;
let other: string;
let fingerprint: string;
const never = new AbortController().signal;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-gate-'));
  const paths = [join(directory, 'host'), join(directory, 'other')] as const;
  for (const path of paths) generateKey(path, 'ed25519');
  [key, other] = [publicKey(paths[0]), publicKey(paths[1])];
  fingerprint = execFileSync('ssh-keygen', ['-lf', paths[0]], { encoding: 'utf8' }).split(' ')[1] ?? '';
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the host key gate', () => {
  it('refuses an unknown key with its fingerprint and the way to accept it', async () => {
    const error = await refusal({ userKnownHostsFiles: [write('')] });
    expect(error.code).toBe('host_key_unknown');
    expect(error.message).toBe(
      `web1 (db.example) showed the ED25519 key ${fingerprint}, which no known_hosts file has`,
    );
    expect(error.fix).toContain('run `scout-mcp trust web1`, or `ssh web1`, once and accept the key');
    expect(error.fix).toContain('ssh_host_ed25519_key.pub');
  });

  it('refuses a changed key with the line that differs and a command that removes it', async () => {
    const file = write(`# one\n[db.example]:2222 ${other}\n`);
    const error = await refusal({ userKnownHostsFiles: [file], port: 2222 });
    expect(error.code).toBe('host_key_changed');
    expect(error.message).toContain(fingerprint);
    expect(error.message).toContain(`${file}:2`);
    const command = /`(ssh-keygen -R [^`]*)`/.exec(error.fix)?.[1] ?? '';
    execFileSync('/bin/sh', ['-c', command], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).toBe('# one\n');
  });

  it('refuses a revoked key', async () => {
    const file = write(`db.example ${key}\n@revoked db.example ${key}\n`);
    const error = await refusal({ userKnownHostsFiles: [file] });
    expect(error.code).toBe('host_key_revoked');
    expect(error.message).toContain(`${file}:2`);
  });

  it('quotes a name with brackets or quotes in the command', async () => {
    const file = write(`it's ${other}\n`);
    const error = await refusal({ userKnownHostsFiles: [file], hostName: "it's" });
    expect(error.fix).toContain(`ssh-keygen -R 'it'\\''s'`);
  });

  it('says which file could not be read, and does not take that for an empty one silently', async () => {
    const error = await refusal({ userKnownHostsFiles: [directory] });
    expect(error.code).toBe('host_key_unknown');
    expect(error.message).toContain(`could not read ${directory} (not a file)`);
    expect(error.fix).toContain('readable');
  });

  it('takes a missing file for an empty one', async () => {
    expect((await refusal({ userKnownHostsFiles: [join(directory, 'none')] })).message).not.toContain(
      'could not',
    );
  });

  it('sees a change of the file at the next connection', async () => {
    const file = write('');
    const gate = gateWith({});
    const settings = host({ userKnownHostsFiles: [file] });
    await expect((await gate.open(settings, never)).accept(blob(key))).rejects.toMatchObject({
      code: 'host_key_unknown',
    });
    writeFileSync(file, `db.example ${key}\n`);
    await (await gate.open(settings, never)).accept(blob(key));
    writeFileSync(file, `db.example ${other}\n`);
    utimesSync(file, 1, 1); // an older time is a change too
    await expect((await gate.open(settings, never)).accept(blob(key))).rejects.toMatchObject({
      code: 'host_key_changed',
    });
  });

  it('reads SCOUT_KNOWN_HOSTS instead of the configured files and command', async () => {
    const override = write(`db.example ${key}\n`);
    const settings = {
      userKnownHostsFiles: [write(`db.example ${other}\n`)],
      knownHostsCommand: '/bin/false',
    };
    await (await gateWith({ override }).open(host(settings), never)).accept(blob(key));
    expect((await refusal({ userKnownHostsFiles: [override] }, { override: write('') })).code).toBe(
      'host_key_unknown',
    );
  });

  it('obeys SCOUT_STRICT_HOST_KEY_CHECKING before the configuration, and reports what it accepted', async () => {
    const file = write('');
    const seen: Observed[] = [];
    const settings = host({ userKnownHostsFiles: [file], strictHostKeyChecking: 'accept-new' });
    const strict = gateWith({ checking: 'yes', observe: (event) => seen.push(event) });
    await expect((await strict.open(settings, never)).accept(blob(key))).rejects.toThrow(ScoutError);
    expect([seen, readFileSync(file, 'utf8')]).toEqual([[], '']);
    const open = gateWith({ observe: (event) => seen.push(event) });
    await (await open.open(settings, never)).accept(blob(key));
    expect(readFileSync(file, 'utf8')).toBe(`db.example ${key}\n`);
    expect(seen).toEqual([{ kind: 'host_key_accepted', host: 'web1', rule: 'accept-new' }]);
  });

  it.each(['accept-new', 'no', 'ask'] as const)(
    'refuses an unknown key under %s where the user has no known_hosts file, as ssh does',
    async (strictHostKeyChecking) => {
      const ask = vi.fn(async () => true);
      const settings = { strictHostKeyChecking, globalKnownHostsFiles: [write('')] };
      expect((await refusal(settings, { ask })).code).toBe('host_key_unknown');
      expect(ask).not.toHaveBeenCalled();
      const file = write(`db.example ${key}\n`);
      await (await gateWith({}).open(host({ ...settings, globalKnownHostsFiles: [file] }), never)).accept(
        blob(key),
      );
    },
  );

  describe('that asks the human', () => {
    const asked = { strictHostKeyChecking: 'ask' } as const;

    it('asks about an unknown key only, and saves it when they accept', async () => {
      const file = write('');
      const settings = host({ ...asked, userKnownHostsFiles: [file] });
      const questions: string[] = [];
      const answering = (answer: boolean) =>
        gateWith({
          ask: async (question) => {
            questions.push(question);
            return answer;
          },
        });
      await expect((await unanswered(answering(false), settings)).accepted).rejects.toMatchObject({
        code: 'host_key_unknown',
        message: expect.not.stringContaining('asked'),
      });
      expect(readFileSync(file, 'utf8')).toBe('');
      const gate = answering(true);
      await (await unanswered(gate, settings)).accepted;
      expect(readFileSync(file, 'utf8')).toBe(`db.example ${key}\n`);
      await (await gate.open(settings, never)).accept(blob(key));
      await expect((await gate.open(settings, never)).accept(blob(other))).rejects.toMatchObject({
        code: 'host_key_changed',
      });
      expect(questions).toEqual([expect.stringContaining(fingerprint), expect.stringContaining(fingerprint)]);
    });

    it('asks nothing where another connection had the key saved in the meantime', async () => {
      const file = write('');
      const settings = host({ ...asked, userKnownHostsFiles: [file] });
      const ask = vi.fn(async () => false);
      const open = await gateWith({ ask }).open(settings, never);
      writeFileSync(file, `db.example ${key}\n`);
      const error = await open.accept(blob(key)).catch((thrown) => thrown);
      await error.accepted;
      expect(ask).not.toHaveBeenCalled();
    });

    it('asks nothing where a known_hosts file cannot be read, for it may hold another key', async () => {
      const ask = vi.fn(async () => true);
      const error = await refusal({ ...asked, userKnownHostsFiles: [directory] }, { ask });
      expect(error.fix).toContain(directory);
      expect(ask).not.toHaveBeenCalled();
    });

    it('puts no control character of the configuration into the question', async () => {
      const ask = vi.fn(async (_question: string) => false);
      const settings = host({
        ...asked,
        userKnownHostsFiles: [write('')],
        hostKeyAlias: 'db\u001b[2J\u202e',
      });
      await (await unanswered(gateWith({ ask }), settings)).accepted.catch(() => {});
      expect(ask.mock.calls[0]?.[0]).toContain('db\\x1b[2j\\u202e');
    });
  });

  it('ends a KnownHostsCommand that hangs when the call is cancelled', async () => {
    const controller = new AbortController();
    const reason = new ScoutError('cancelled', 'the call was cancelled', 'Call again.');
    const opening = gateWith({}).open(host({ knownHostsCommand: '/bin/sleep 1000' }), controller.signal);
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it.each(['/etc/passwd', "/bin/echo 'open", '/usr/bin/yes'])(
    'refuses where KnownHostsCommand is %s',
    async (command) => {
      const error = await refusal({
        knownHostsCommand: command,
        userKnownHostsFiles: [write(`db.example ${key}\n`)],
      });
      expect(error.code).toBe('host_key_unknown');
      expect(error.message).toContain('KnownHostsCommand');
    },
  );
});

describe('a refused host key', () => {
  let sshd: Sshd;

  beforeAll(async () => {
    sshd = await startSshd({ config: ['LogLevel DEBUG2'] });
  });

  afterAll(async () => sshd?.stop());

  it('ends the connection before anything of the login is sent', async () => {
    const gate = await gateWith({}).open(host({ hostName: '127.0.0.1', port: sshd.port }), never);
    const client = new Client();
    let refused: unknown;
    await new Promise<void>((resolve) => {
      client.on('error', () => {});
      client.once('close', resolve);
      client.connect({
        host: '127.0.0.1',
        port: sshd.port,
        username: 'root',
        privateKey: readFileSync(sshd.keys.ed25519),
        hostVerifier: (shown: Buffer, verify: (ok: boolean) => void) => {
          gate.accept(shown).then(
            () => verify(true),
            (error) => {
              refused = error;
              verify(false);
            },
          );
        },
      });
    });
    expect(refused).toMatchObject({ code: 'host_key_unknown' });
    expect(sshd.log()).toContain('Connection from');
    expect(sshd.log()).not.toContain('userauth');
  });
});

/** What a gate says while the person has not answered. */
async function unanswered(gate: HostKeyGate, settings: HostSettings): Promise<UnansweredHostKey> {
  const error: unknown = await (await gate.open(settings, never)).accept(blob(key)).catch((thrown) => thrown);
  if (!(error instanceof UnansweredHostKey)) throw error;
  return error;
}

async function refusal(
  changes: Partial<HostSettings>,
  options: Partial<HostKeyGateOptions> = {},
): Promise<ScoutError> {
  try {
    await (await gateWith(options).open(host(changes), never)).accept(blob(key));
  } catch (error) {
    if (error instanceof ScoutError) return error;
    throw error;
  }
  throw new Error('the key was accepted');
}

function gateWith(options: Partial<HostKeyGateOptions>): HostKeyGate {
  return new HostKeyGate({
    override: undefined,
    checking: undefined,
    env: process.env,
    observe: () => {},
    ...options,
  });
}

function host(changes: Partial<HostSettings>): HostSettings {
  return aHost({ hostName: 'db.example', ...changes });
}

function write(text: string): string {
  const file = join(mkdtempSync(join(directory, 'kh-')), 'known_hosts');
  writeFileSync(file, text);
  return file;
}

function blob(line: string): Buffer {
  return Buffer.from(line.split(' ')[1] ?? '', 'base64');
}
