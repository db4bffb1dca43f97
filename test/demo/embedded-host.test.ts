import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BaseAgent, Client, type ParsedKey, utils } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedHost, makeEmbeddedKey, startEmbeddedHost } from '../../src/demo/embedded-host.ts';
import { defaultDenyPaths } from '../../src/deny-paths.ts';
import { createSftpDoor } from '../../src/ssh/sftp/door.ts';
import { afterwards } from '../fixtures/janitor.ts';
import { allProcesses, commandLine } from '../fixtures/processes.ts';
import { until } from '../fixtures/until.ts';

const run = promisify(execFile);
const key = makeEmbeddedKey();
const other = makeEmbeddedKey();
let directory: string;
let removeDirectory: () => Promise<void>;
let home: string;
let host: EmbeddedHost;
let jump: EmbeddedHost;
let config: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-embedded-'));
  removeDirectory = afterwards(`rm -rf '${directory}'`);
  home = join(directory, 'home');
  mkdirSync(join(home, 'sub'), { recursive: true });
  writeFileSync(join(home, 'hello.txt'), 'hello\n');
  writeFileSync(join(home, 'big'), Buffer.alloc(3_000_000, 'big file\n'));
  symlinkSync('hello.txt', join(home, 'link'));
  const options = { rootDir: home, authorizedKey: key.publicKey };
  host = await startEmbeddedHost({ ...options, name: 'web1', hostKey: makeEmbeddedKey().privateKey });
  jump = await startEmbeddedHost({
    ...options,
    name: 'jump',
    hostKey: makeEmbeddedKey().privateKey,
    mayForwardTo: (port) => port === host.port,
  });
  config = writeConfig('config', key);
});

afterAll(async () => {
  await Promise.all([host.stop(), jump.stop()]);
  await removeDirectory();
});

function writeConfig(name: string, { privateKey, publicKey }: ReturnType<typeof makeEmbeddedKey>): string {
  const identity = join(directory, `${name}-key`);
  writeFileSync(identity, privateKey);
  writeFileSync(`${identity}.pub`, publicKey);
  chmodSync(identity, 0o600);
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, `${host.hostKeyLine}\n${jump.hostKeyLine}\n`);
  const path = join(directory, name);
  const block = (alias: string, port: number, more = '') =>
    `Host ${alias}\n  Port ${port}\n${more}  HostName 127.0.0.1\n  User anyone\n  BatchMode yes\n  LogLevel ERROR\n` +
    `  IdentityFile ${identity}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHosts}\n`;
  const blocks = [
    block('web1', host.port),
    block('jump', jump.port),
    block('behind', host.port, '  ProxyJump jump\n'),
    block('back', jump.port, '  ProxyJump jump\n'),
  ];
  writeFileSync(path, blocks.join('\n'));
  return path;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function ssh(words: readonly string[], input = '', file = config): Promise<Ended> {
  const child = spawn('ssh', ['-F', file, ...words]);
  child.stdin.end(input);
  return await collect(child);
}

async function collect(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

describe('the real ssh on an embedded host', () => {
  it('gets output, errors, exit status and its input through', async () => {
    expect(await ssh(['web1', 'pwd; echo "$HOME $HOSTNAME"; echo oops >&2; exit 7'])).toEqual({
      code: 7,
      out: `${home}\n${home} web1\n`,
      err: 'oops\n',
    });
    const text = 'x'.repeat(300_000);
    expect((await ssh(['web1', 'cat'], text)).out).toBe(text);
    const big = readFileSync(join(home, 'big'), 'utf8');
    // ssh starts before anybody reads what it prints: first one stream waits for its window, then the other
    const unread = spawn('ssh', ['-F', config, 'web1', 'cat big; cat big >&2; cat big; cat big >&2']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const both = await collect(unread);
    expect(both.code).toBe(0);
    expect(both.out === big + big).toBe(true);
    expect(both.err === big + big).toBe(true);
  });

  it('gets a shell where it asks for one', async () => {
    expect(await ssh(['-T', 'web1'], 'echo $((6 * 7))\nexit 3\n')).toMatchObject({ code: 3, out: '42\n' });
  });

  it('is told of a death by signal, and `kill -9 0` kills the session alone', async () => {
    expect((await ssh(['web1', 'kill -9 0'])).code).toBe(255); // what ssh makes of exit-signal
    expect((await ssh(['web1', 'kill -BUS $$'])).code).toBe(128 + 7); // SSH has no name for SIGBUS
    expect((await ssh(['web1', 'echo alive'])).out).toBe('alive\n');
  });

  it('is refused with another key, and sees the host key that was announced', async () => {
    const wrong = writeConfig('wrong', other);
    const refused = await ssh(['web1', 'true'], '', wrong);
    expect(refused).toMatchObject({ code: 255, out: '' });
    expect(refused.err).toContain('Permission denied');
    const asked = await ssh(['-v', '-o', 'LogLevel=DEBUG1', 'web1', 'true'], '', wrong);
    expect(asked.err).toContain('Offering public key');
    expect(asked.err).not.toContain('Server accepts key');
  });

  it('is refused with the right key and a signature that another key made', async () => {
    const parse = (text: string) => {
      const parsed = utils.parseKey(text);
      if (parsed instanceof Error) throw parsed;
      return parsed;
    };
    class Forger extends BaseAgent<ParsedKey> {
      override getIdentities(done: (error?: Error, keys?: ParsedKey[]) => void): void {
        done(undefined, [parse(key.publicKey)]);
      }
      override sign(_key: unknown, data: Buffer, ...rest: unknown[]): void {
        const done = rest.at(-1) as (error: undefined, signature: Buffer) => void; // options may stand before it
        done(undefined, parse(other.privateKey).sign(data));
      }
    }
    const client = new Client();
    const refused = once(client, 'error');
    client.connect({ host: '127.0.0.1', port: host.port, username: 'anyone', agent: new Forger() });
    client.once('ready', () => client.emit('error', new Error('let in')));
    await expect(refused.then(([error]) => error)).resolves.toMatchObject({ level: 'client-authentication' });
    client.end();
  });

  it('jumps through one host to another, and nowhere else', async () => {
    expect((await ssh(['behind', 'echo $HOSTNAME'])).out).toBe('web1\n');
    expect((await ssh(['back', 'echo $HOSTNAME'])).code).toBe(255);
    expect((await ssh(['-J', 'web1', 'jump', 'true'])).code).toBe(255);
  });
});

describe('the real sftp on an embedded host', () => {
  async function sftp(batch: string): Promise<Ended> {
    const child = spawn('sftp', ['-F', config, '-b', '-', 'web1']);
    child.stdin.end(batch);
    return await collect(child);
  }

  it('lists, follows and reads', async () => {
    const listed = await sftp('pwd\nls -la\n');
    expect(listed.out).toContain(`Remote working directory: ${home}`);
    expect(listed.out).toMatch(/^-rw-r--r-- .* 6 \w{3} \d\d .* hello\.txt$/m);
    expect(listed.out).toMatch(/^drwx.* sub\s*$/m);
    const target = join(directory, 'fetched');
    expect((await sftp(`get big ${target}\n`)).code).toBe(0);
    expect(readFileSync(target).equals(readFileSync(join(home, 'big')))).toBe(true);
    expect((await sftp(`get link ${target}\nget /etc/passwd ${target}-2\n`)).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('hello\n');
    expect(readFileSync(`${target}-2`, 'utf8')).toBe(readFileSync('/etc/passwd', 'utf8'));
  });

  it.each([
    'put /etc/hostname new',
    'put /etc/hostname hello.txt',
    'rm hello.txt',
    'mkdir new',
    'rmdir sub',
    'rename hello.txt new',
    'ln -s hello.txt new',
    'chmod 777 hello.txt',
  ])('refuses `%s`', async (write) => {
    const before = (await run('ls', ['-lR', home])).stdout;
    const tried = await sftp(`${write}\n`);
    expect(tried.code).toBe(1);
    expect(tried.err).toMatch(/permission denied/i);
    expect((await run('ls', ['-lR', home])).stdout).toBe(before);
  });

  it('says what is missing', async () => {
    expect((await sftp('get nothing /dev/null\n')).err).toContain('not found');
  });
});

describe('our own doors on an embedded host', () => {
  it('reads through the SFTP door', async () => {
    const client = await connectClient();
    const door = createSftpDoor(
      () =>
        new Promise(
          (resolve, reject) => void client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))),
        ),
      defaultDenyPaths(),
    );
    const all = { firstLine: 1, lines: undefined, maxBytes: 10_000_000, depth: 2 };
    const { signal } = new AbortController();
    const file = await door.read({ ...all, path: '~/link' }, signal);
    expect(file).toMatchObject({ what: 'file', facts: { sizeBytes: 6 }, reachedEnd: true });
    const listing = await door.read({ ...all, path: '' }, signal);
    if (listing.what !== 'directory') throw new Error('not a directory');
    expect(listing.entries.map((entry) => Buffer.from(entry.path).toString())).toEqual([
      'big',
      'hello.txt',
      'link',
      'sub',
    ]);
    expect(await door.read({ ...all, path: '/dev/null' }, signal)).toMatchObject({ what: 'special' });
    client.end();
  });

  it('signals a running command', async () => {
    const client = await connectClient();
    const exit = new Promise((resolve, reject) => {
      client.exec('echo started; exec sleep 1000', (error, channel) => {
        if (error) return reject(error);
        channel.on('exit', (...args: unknown[]) => resolve(args));
        channel.once('data', () => channel.signal('TERM'));
      });
    });
    expect(await exit).toEqual([null, 'SIGTERM', false, '']);
    client.end();
  });
});

describe('the end of an embedded host', () => {
  const sleeping = (mark: string) => () =>
    allProcesses().filter(({ pid }) => commandLine(pid).includes(mark)).length;

  it('of a connection: its commands are killed', async () => {
    const running = sleeping('sleep 98761');
    const client = await connectClient();
    client.exec('sleep 98761 & sleep 98761', () => {});
    await until(() => running() >= 2);
    client.destroy();
    await until(() => running() === 0);
  });

  it('of its home directory: commands fail, and the host lives on', async () => {
    const rootDir = mkdtempSync(join(directory, 'gone-'));
    const keys = { hostKey: makeEmbeddedKey().privateKey, authorizedKey: key.publicKey };
    const homeless = await startEmbeddedHost({ name: 'homeless', rootDir, ...keys });
    rmSync(rootDir, { recursive: true });
    const client = await connectClient(homeless.port);
    for (const command of ['echo one', 'echo two']) {
      const closed = new Promise((resolve, reject) => {
        client.exec(command, (error, channel) => {
          if (error) return reject(error);
          channel.on('close', resolve).resume();
        });
      });
      expect(await closed).not.toBe(0);
    }
    client.end();
    await homeless.stop();
  });

  it('of the host: commands, connections and port are gone', async () => {
    const running = sleeping('sleep 98762');
    const brief = await startEmbeddedHost({
      name: 'brief',
      rootDir: home,
      hostKey: makeEmbeddedKey().privateKey,
      authorizedKey: key.publicKey,
    });
    const client = await connectClient(brief.port);
    client.exec('sleep 98762 & exit 0', () => {});
    const closed = once(client, 'close');
    await until(() => running() === 1);
    await brief.stop();
    await closed;
    await until(() => running() === 0);
    const socket = connect(brief.port, '127.0.0.1');
    expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

async function connectClient(port = host.port): Promise<Client> {
  const client = new Client();
  client.on('error', () => {});
  client.connect({ host: '127.0.0.1', port, username: 'anyone', privateKey: key.privateKey });
  await once(client, 'ready');
  return client;
}
