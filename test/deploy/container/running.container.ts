import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { connect } from '../mcp-client.ts';
import { images } from './build-images.ts';
import { execWords, runPodman, runWords, tryPodman } from './podman.ts';

const image = images.tested;
const entrypoint = ['/usr/local/bin/node', '/app/bin/scout-mcp.js'];
const directory = mkdtempSync(join(tmpdir(), 'scout-running-'));
let names = 0;

afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => void runPodman('rm', '--all', '--force', '--time=0'));

/** A new name for a container. */
function newName(): string {
  names += 1;
  return `scout-${process.pid}-${names}`;
}

/** Node's answer to a script, beside the server in its container. */
function ask(container: string, script: string) {
  return JSON.parse(runPodman(...execWords(container, ['node', '-e', script]).slice(2)));
}

describe('a container with a client at its stdin', () => {
  it('answers initialize and lists its tools', async () => {
    const client = await connect('podman', runWords(image));
    expect(client.server.name).toBe('scout-mcp');
    const { tools } = await client.request('tools/list');
    expect(tools.map(({ name }: { name: string }) => name)).toContain('scout_query');
    await client.end();
  });

  it('ends with exit 0 in less than 2 s when its client goes', async () => {
    const client = await connect('podman', runWords(image));
    const { code, tookMs } = await client.end();
    console.info(`end of stdin: ${tookMs.toFixed(0)} ms`);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('ends with exit 0 in less than 2 s when it is stopped', async () => {
    const name = newName();
    const client = await connect('podman', runWords(image, [`--name=${name}`]));
    const startedMs = performance.now();
    runPodman('stop', '--time=10', name);
    const code = await client.exited;
    const tookMs = performance.now() - startedMs;
    console.info(`stop: ${tookMs.toFixed(0)} ms`);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('is user 65532 without any capability, under seccomp, and can gain nothing', async () => {
    const name = newName();
    const client = await connect('podman', runWords(image, [`--name=${name}`]));
    const status: string = ask(
      name,
      "console.log(JSON.stringify(process.getBuiltinModule('fs').readFileSync('/proc/1/status', 'utf8')))",
    );
    const value = (field: string) => new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(status)?.[1];
    expect([value('Uid'), value('Gid')]).toEqual(Array(2).fill('65532\t65532\t65532\t65532'));
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
      expect(value(`Cap${set}`)).toBe('0000000000000000');
    expect([value('NoNewPrivs'), value('Seccomp')]).toEqual(['1', '2']);
    await client.end();
  });

  it('has no listener, and one would be seen', async () => {
    const name = newName();
    const client = await connect('podman', runWords(image, [`--name=${name}`]));
    await client.request('tools/call', { name: 'scout_hosts', arguments: {} });
    const { before, after } = ask(
      name,
      `const count = () => ['tcp', 'tcp6', 'udp', 'udp6', 'unix'].map((kind) =>
         process.getBuiltinModule('fs').readFileSync('/proc/net/' + kind, 'utf8').trim().split('\\n').length - 1);
       const before = count();
       const server = process.getBuiltinModule('net').createServer().listen(0, '127.0.0.1', () => {
         console.log(JSON.stringify({ before, after: count() }));
         server.close();
       });`,
    );
    expect(before).toEqual([0, 0, 0, 0, 0]);
    expect(after).toEqual([1, 0, 0, 0, 0]);
    await client.end();
  });

  it('can write nowhere', async () => {
    const name = newName();
    const client = await connect('podman', runWords(image, [`--name=${name}`]));
    const places = ['/', '/app', '/tmp', '/home/nonroot', '/var/lib/scout', '/usr/local/bin'];
    const outcomes = ask(
      name,
      `console.log(JSON.stringify(${JSON.stringify(places)}.map((place) => {
         try { process.getBuiltinModule('fs').writeFileSync(place + '/x', ''); return 'written'; }
         catch (error) { return error.code; }
       })))`,
    );
    expect(outcomes).toEqual(places.map(() => 'EROFS'));
    await client.end();
  });

  it('has no shell to start', () => {
    for (const shell of ['sh', '/bin/sh', '/bin/bash']) {
      const { status, stderr } = tryPodman(runWords(image, [`--entrypoint=${shell}`], ['-c', 'true']));
      expect(status).toBe(127);
      expect(stderr).toMatch(/not found|no such file/);
    }
  });
});

describe('a container that idles, as the sidecar does', () => {
  const idle = "process.once('SIGTERM', () => process.exit(0)); setInterval(() => {}, 2 ** 31 - 1)";

  it('gives each exec -i a server of its own, and stops in less than 2 s with exit 0', async () => {
    const name = newName();
    const words = runWords(image, ['--detach', `--name=${name}`, '--entrypoint=node'], ['-e', idle]);
    runPodman(...words.slice(2).filter((word) => word !== '--rm'));
    const clients = await Promise.all(
      [1, 2].map(async () => await connect('podman', execWords(name, ['node', '/app/bin/scout-mcp.js']))),
    );
    for (const client of clients) {
      expect((await client.request('tools/list')).tools.length).toBeGreaterThan(5);
      expect((await client.end()).code).toBe(0);
    }
    const startedMs = performance.now();
    runPodman('stop', '--time=10', name);
    const tookMs = performance.now() - startedMs;
    console.info(`stop of the idle container: ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeLessThan(2_000);
    expect(runPodman('inspect', '--format={{.State.ExitCode}}', name).trim()).toBe('0');
  });
});

describe('the health check', () => {
  const check = [...entrypoint.slice(1), 'doctor', '--ready'];
  const withConfig = (text: string) => {
    const file = join(directory, 'config');
    writeFileSync(file, text);
    const mounts = [
      '--env=SCOUT_SSH_CONFIG=/etc/scout/ssh/config',
      `--volume=${file}:/etc/scout/ssh/config:ro`,
    ];
    return tryPodman(runWords(image, [...mounts, '--entrypoint=node'], check));
  };

  it('is content with a configuration that ssh would accept', () => {
    expect(withConfig('Host web1\n  HostName 192.0.2.10\n')).toMatchObject({ status: 0, stderr: '' });
  });

  it('fails on one that ssh would refuse', () => {
    const { status, stdout } = withConfig('Host web1\n  Port none\n');
    expect(status).toBe(1);
    expect(stdout).toContain('/etc/scout/ssh/config');
  });
});
