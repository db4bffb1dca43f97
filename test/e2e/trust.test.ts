import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { fingerprintOf, unknownHosts } from '../fixtures/unknown-hosts.ts';
import { until } from '../fixtures/until.ts';

let sshd: Sshd;
let fingerprint: string;
let unknownHost: ReturnType<typeof unknownHosts>;

beforeAll(async () => {
  sshd = await startSshd({ config: ['LogLevel DEBUG2'] });
  fingerprint = fingerprintOf(sshd);
  unknownHost = unknownHosts(sshd);
});
afterAll(() => sshd.stop());

type Variables = Readonly<Record<string, string>>;

function environment(config: string, variables: Variables = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, SCOUT_SSH_CONFIG: config, ...variables };
}

function scout(config: string, args: readonly string[], variables: Variables = {}) {
  return spawnSync(process.execPath, [bin, ...args], {
    env: environment(config, variables),
    input: 'yes\n',
    encoding: 'utf8',
    timeout: 15_000,
  });
}

/** `scout-mcp trust web1` on a terminal, where a person answers; what was shown, and the exit code. */
async function answering(config: string, answer: string) {
  const line = `stty -echo; exec ${process.execPath} ${bin} trust web1`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: environment(config, { SHELL: '/bin/sh' }),
  });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  await until(() => shown.includes('(yes/no/fingerprint)? '));
  child.stdin.write(answer);
  const [code] = await once(child, 'exit');
  child.stdin.end();
  return { code, shown };
}

const keyLine = () => `${sshd.hostKeyLines[0]}\n`;

describe('scout-mcp trust --yes', () => {
  it('shows type and fingerprint, and saves the key where ssh looks for it', () => {
    const { config, knownHosts, content } = unknownHost(undefined);
    const before = sshd.log().length;
    const { status, stdout, stderr } = scout(config, ['trust', 'web1', '--yes']);
    expect(status).toBe(0);
    expect(stderr).toContain(`ED25519  ${fingerprint}`);
    expect(stdout).toBe(`web1: the key is saved in ${knownHosts}\n`);
    expect(content()).toBe(keyLine());
    expect(sshd.log().slice(before)).toContain('SSH2_MSG_KEXINIT');
    expect(sshd.log().slice(before)).not.toContain('userauth-request');
    execFileSync('ssh', [
      '-F',
      config,
      '-o',
      'BatchMode=yes',
      '-o',
      'StrictHostKeyChecking=yes',
      'web1',
      'true',
    ]);
  });

  it.each(['ssh2', 'openssh'])('is advised so that it saves where %s looks for it', (engine) => {
    const { config } = unknownHost('');
    const own = join(sshd.directory, `known to ${engine}`);
    const read = { SCOUT_SSH_ENGINE: engine, SCOUT_KNOWN_HOSTS: own };
    const ask = () => scout(config, ['call', 'scout_query', 'hosts=web1', 'command=true'], read);
    const { stderr } = ask();
    const advised = /`([^`]* trust web1)`/.exec(stderr)?.[1] ?? stderr;
    const command = advised.replace(' scout-mcp ', ` '${process.execPath}' '${bin}' `);
    const env = environment(config, { SCOUT_SSH_ENGINE: engine });
    execFileSync('sh', ['-c', `${command} --yes`], { env, stdio: 'ignore' });
    expect(ask().status).toBe(0);
    expect(stderr).not.toContain('`ssh web1`'); // it would save elsewhere
  });
});

describe('scout-mcp trust', () => {
  it('asks the person, and saves on yes or on the fingerprint', async () => {
    for (const answer of ['yes', fingerprint]) {
      const { config, content } = unknownHost('');
      const { code, shown } = await answering(config, `${answer}\n`);
      expect(code).toBe(0);
      expect(shown).toContain(fingerprint);
      expect(content()).toBe(keyLine());
    }
  });

  it.each([
    ['no', 'no\n'],
    ['y', 'y\n'],
    ['the end of input', '\x04'],
    ['Ctrl-C', '\x03'],
  ])('saves nothing on %s', async (_what, answer) => {
    const { config, content } = unknownHost('');
    const { code, shown } = await answering(config, answer);
    expect(code).toBe(1);
    expect(shown).toContain('scout-mcp trust: nothing was saved');
    expect(content()).toBe('');
  });

  it('saves nothing where nobody can be asked, whatever stdin says, and tells what to do', () => {
    const { config, content } = unknownHost('');
    const { status, stdout, stderr } = scout(config, ['trust', 'web1']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(fingerprint);
    expect(stderr).toMatch(/run `scout-mcp trust web1` in a terminal, or add --yes/);
    expect(content()).toBe('');
  });

  it('is no tool of a model, and neither is doctor', async () => {
    const server = await startServer(unknownHost('').config);
    const { result } = await server.request('tools/list');
    await server.stop();
    expect(JSON.stringify(result.tools.map(({ name }: { name: string }) => name))).not.toMatch(
      /trust|doctor/,
    );
  });
});
