import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoMachine, writeDemoFiles } from './demo-files.ts';
import { type EmbeddedHost, makeEmbeddedKey, startEmbeddedHost } from './embedded-host.ts';

export interface DemoFleet {
  /** The ssh configuration that knows these machines and nothing else. */
  readonly sshConfig: string;
  /** Stop every host and remove every file. */
  stop(): Promise<void>;
}

/**
 * Four SSH hosts on loopback: `web1`, `web2`, and `db1`, which is reached through `bastion`. Keys, known_hosts,
 * configuration and the hosts' files live in one temporary directory that nobody else may enter.
 */
export async function startDemoFleet(): Promise<DemoFleet> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-demo-')); // mode 0700, by mkdtemp(3)
  const removeFiles = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', removeFiles); // keys must not outlive even a crash
  const hosts: EmbeddedHost[] = [];
  const stop = async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    removeFiles();
    process.off('exit', removeFiles);
  };
  try {
    const login = makeEmbeddedKey();
    const start = async (name: DemoMachine, mayForwardTo: (port: number) => boolean = () => false) => {
      const rootDir = join(directory, name);
      mkdirSync(rootDir);
      writeDemoFiles(name, rootDir);
      const hostKey = makeEmbeddedKey().privateKey;
      const host = await startEmbeddedHost({
        name,
        rootDir,
        hostKey,
        authorizedKey: login.publicKey,
        mayForwardTo,
      });
      hosts.push(host);
      return host;
    };
    const web1 = await start('web1');
    const web2 = await start('web2');
    const db1 = await start('db1');
    const bastion = await start('bastion', (port) => port === db1.port);

    const identity = join(directory, 'id_ed25519');
    const knownHosts = join(directory, 'known_hosts');
    const sshConfig = join(directory, 'ssh_config');
    writeFileSync(identity, login.privateKey, { mode: 0o600 });
    writeFileSync(knownHosts, hosts.map(({ hostKeyLine }) => `${hostKeyLine}\n`).join(''));
    writeFileSync(
      sshConfig,
      [
        ...section('web1', web1),
        ...section('web2', web2),
        ...section('bastion', bastion),
        ...section('db1', db1, 'ProxyJump bastion'),
        'Host *',
        '  User demo',
        `  IdentityFile ${argument(identity)}`,
        '  IdentitiesOnly yes',
        `  UserKnownHostsFile ${argument(knownHosts)}`,
        '  GlobalKnownHostsFile none',
        '  StrictHostKeyChecking yes\n',
      ].join('\n'),
    );
    return { sshConfig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function section(alias: string, { port }: EmbeddedHost, ...more: readonly string[]): readonly string[] {
  return [`Host ${alias}`, ...['HostName 127.0.0.1', `Port ${port}`, ...more].map((line) => `  ${line}`)];
}

/** A path as a quoted argument of ssh_config(5), whose tokens begin with a percent sign. */
function argument(path: string): string {
  return `"${path.replaceAll('%', '%%').replace(/["\\]/g, '\\$&')}"`;
}
