import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { run } from '../machine.ts';
import { connect } from '../mcp-client.ts';
import { loadTool, toolDirectory } from '../tools.ts';
import { images } from './build-images.ts';
import { type Engine, startEngine } from './engine.ts';
import { runPodman } from './podman.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const address = '192.0.2.10';
let directory: string;
let engine: Engine;
let sshd: Sshd;

/** compose.yaml in a directory with the files that .env.example names, and a real Docker engine that has the image. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-compose-'));
  engine = await startEngine([address]);
  sshd = await startSshd({
    wrapper: ['ip', 'netns', 'exec', engine.namespace],
    config: [`ListenAddress ${address}:22`],
  });
  const archive = join(directory, 'image.tar');
  runPodman('save', '--quiet', '--format=docker-archive', `--output=${archive}`, images.tested);
  engine.docker('load', '--quiet', '--input', archive);
  engine.docker('tag', images.tested, 'scout-mcp:local');
  copyFileSync(join(root, 'compose.yaml'), join(directory, 'compose.yaml'));
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  writeFileSync(join(directory, '.env'), example.replace(/^#(SCOUT_AUDIT_LOG=)/m, '$1'));
  mkdirSync(join(directory, 'ssh', 'keys'), { recursive: true });
  const key = join(directory, 'ssh', 'keys', 'id_ed25519');
  copyFileSync(sshd.keys.ed25519, key);
  chmodSync(key, 0o400);
  chownSync(key, 65532, 65532);
  const [, ...hostKey] = sshd.hostKeyLines[0]?.split(' ') ?? [];
  writeFileSync(join(directory, 'ssh', 'known_hosts'), `${address} ${hostKey.join(' ')}\n`);
  const overrides = { HostName: address, Port: '22', IdentityFile: '/etc/scout/keys/id_ed25519' };
  const hosts = sshd.configFor('web1', { ...overrides, UserKnownHostsFile: undefined });
  writeFileSync(join(directory, 'ssh', 'config'), hosts);
});

afterAll(async () => {
  await sshd?.stop();
  await engine?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env.PATH, DOCKER_HOST: engine.host, COMPOSE_PROJECT_NAME: 'scout-test' });
const words = (...more: readonly string[]) => ['-f', join(directory, 'compose.yaml'), ...more];

describe('compose.yaml', () => {
  it('starts a server for a client, which works on a real host and leaves its audit log in the volume', async () => {
    const client = await connect('docker-compose', words('run', '--rm', '-T', 'scout'), env());
    const { content } = await client.request('tools/call', {
      name: 'scout_query',
      arguments: { hosts: 'web1', command: 'echo it is me' },
    });
    expect(JSON.stringify(content)).toContain('it is me');
    const [id = ''] = engine.docker('ps', '-q').split('\n');
    const [{ Config, HostConfig, Mounts, NetworkSettings }] = JSON.parse(engine.docker('inspect', id));
    expect(Config).toMatchObject({ User: '65532:65532', Tty: false });
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: null,
      Privileged: false,
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: 64,
      Memory: 256 * 1024 ** 2,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    expect(NetworkSettings.Ports).toEqual({});
    expect(
      Mounts.map(({ Destination, RW }: { Destination: string; RW: boolean }) => [Destination, RW]).sort(),
    ).toEqual([
      ['/etc/scout/keys', false],
      ['/etc/scout/ssh/config', false],
      ['/etc/scout/ssh/known_hosts', false],
      ['/var/lib/scout', true],
    ]);
    expect((await client.end()).code).toBe(0);
    const volume = engine.docker('volume', 'inspect', '--format={{.Mountpoint}}', 'scout-test_state').trim();
    expect(readFileSync(join(volume, 'audit.jsonl'), 'utf8')).toContain('scout_query');
  });

  it('passes a linter and the Compose specification', () => {
    const style = ['service-keys-order', 'require-project-name-field', 'no-unbound-port-interfaces'];
    const off = join(directory, '.dclintrc.json');
    writeFileSync(off, JSON.stringify({ rules: Object.fromEntries(style.map((rule) => [rule, 0])) }));
    const dclint = join(toolDirectory('container'), 'node_modules', '.bin', 'dclint');
    const lint = (file: string) => run(dclint, ['--config', off, '--max-warnings', '0', file]);
    expect(lint(join(directory, 'compose.yaml'))).not.toMatch(/error|warning/);
    const wrong = join(directory, 'wrong.yaml');
    const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
    writeFileSync(wrong, text.replace('stdin_open', 'stdin_opened'));
    expect(() => lint(wrong)).toThrow(/additional properties/);
  });
});

describe('the Dockerfile', () => {
  it('passes a linter', () => {
    const { validate } = loadTool<{ validate(text: string, settings: object): readonly unknown[] }>(
      'container',
      'dockerfile-utils',
    );
    const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
    expect(validate(text, {})).toEqual([]);
    expect(validate(text.replace('WORKDIR', 'WORKDIRR'), {})).not.toEqual([]);
  });
});
