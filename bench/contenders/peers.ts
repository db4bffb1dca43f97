import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Place } from '../contender.ts';
import { McpClient } from '../mcp-client.ts';

/** Another SSH server for MCP, from npm. */
export interface Peer {
  readonly package: string;
  readonly version: string;
  /** The script that its bin leads to, below its package. */
  readonly script: string;
  contender(directory: string): Contender;
}

/** The two that are used most, and the best of the others that work with a key and a port. */
export const peers: readonly Peer[] = [
  peer('ssh-mcp', '2.11.0', 'build/index.js', async (script, place) => {
    const home = homeOf(place, 'ssh-mcp');
    mkdirSync(join(home, '.config/ssh-mcp'), { recursive: true, mode: 0o700 });
    const transfers = join(place.local, 'transfers');
    mkdirSync(transfers, { recursive: true, mode: 0o700 });
    const profiles = place.hosts.map((host) =>
      [
        `[[profiles]]\nname = "${host}"\nhost = "127.0.0.1"\nport = ${place.port}\nuser = "${place.user}"`,
        `auth = "key"\nkeyRef = "${place.key}"\nrole = "admin"\ngroup = "dev"\napprovalPolicy = "auto"`,
      ].join('\n'),
    );
    const defaults = [
      `[defaults]\ndefaultProfile = "${place.hosts[0]}"\napprovalMode = "auto"\ncommandMaxChars = 0`,
      `commandMaxOutputBytes = 33554432\ntransferRoot = "${transfers}"`,
    ];
    const file = join(home, '.config/ssh-mcp/config.toml');
    writeFileSync(file, `${[...defaults, ...profiles].join('\n')}\n`, { mode: 0o600 });
    const client = new McpClient([script], { HOME: home, XDG_CONFIG_HOME: join(home, '.config') });
    const call = async (tool: string, args: object) => (await client.call(tool, args)).length;
    return {
      client,
      run: (profile, command) => call('run-command', { profile, command }),
      list: (profile, remotePath) => call('sftp-list', { profile, remotePath }),
      read: (profile, remotePath) => call('sftp-download', { profile, remotePath }),
      upload: (profile, local, remotePath) =>
        call('sftp-upload-file', { profile, localPath: local, remotePath, overwrite: true }),
      download: (profile, remotePath, local) =>
        call('sftp-download-file', { profile, localPath: local, remotePath, overwrite: true }),
    };
  }),
  peer('mcp-ssh-manager', '3.8.5', 'src/index.js', async (script, place) => {
    const home = homeOf(place, 'mcp-ssh-manager');
    mkdirSync(home, { recursive: true });
    const blocks = place.hosts.map((host) =>
      [
        `[ssh_servers.${host}]\nhost = "127.0.0.1"\nport = ${place.port}\nuser = "${place.user}"`,
        `key_path = "${place.key}"\ngroup = "all"`,
      ].join('\n'),
    );
    const file = join(home, 'ssh-config.toml');
    writeFileSync(file, `${blocks.join('\n')}\n`);
    const client = new McpClient([script], { HOME: home, SSH_CONFIG_PATH: file });
    const call = async (tool: string, args: object) => (await client.call(tool, args)).length;
    const run = (server: string, command: string) => call('ssh_execute', { server, command });
    return {
      client,
      run,
      read: (server, path) => run(server, `cat ${path}`),
      list: (server, path) => run(server, `ls -la ${path}`),
      upload: (server, local, remotePath) =>
        call('ssh_upload', { server, localPath: join(place.local, local), remotePath }),
      download: (server, remotePath, local) =>
        call('ssh_download', { server, localPath: join(place.local, local), remotePath }),
    };
  }),
  peer('@marian-craciunescu/ssh-mcp-server-secured', '1.0.23', 'index.js', async (script, place) => {
    const home = homeOf(place, 'secured');
    mkdirSync(home, { recursive: true });
    const client = new McpClient([script], { HOME: home, SSH_FILTER_MODE: 'disabled' });
    const call = async (tool: string, args: object) => (await client.call(tool, args)).length;
    const login = { host: '127.0.0.1', port: place.port, username: place.user, privateKey: place.key };
    const connecting = new Map<string, Promise<unknown>>();
    const on = async (host: string, tool: string, args: object) => {
      const open = connecting.get(host) ?? client.call('ssh_connect', { ...login, connectionId: host });
      connecting.set(host, open);
      await open;
      return await call(tool, { ...args, connectionId: host });
    };
    const run = (host: string, command: string) => on(host, 'ssh_execute', { command });
    return {
      client,
      run,
      read: (host, path) => run(host, `cat ${path}`),
      list: (host, remotePath) => on(host, 'ssh_list_files', { remotePath, detailed: true }),
      upload: (host, local, remotePath) =>
        on(host, 'ssh_upload_file', { localPath: join(place.local, local), remotePath }),
      download: (host, remotePath, local) =>
        on(host, 'ssh_download_file', { localPath: join(place.local, local), remotePath }),
    };
  }),
];

type Abilities = Omit<Awaited<ReturnType<Contender['start']>>, 'stop' | 'pid' | 'listTools'> & {
  readonly client: McpClient;
};

function peer(
  name: string,
  version: string,
  script: string,
  open: (script: string, place: Place) => Promise<Abilities>,
): Peer {
  return {
    package: name,
    version,
    script,
    contender: (directory) => ({
      name: name.replace(/^@[^/]*\//, ''),
      isServer: true,
      async start(place) {
        const { client, ...abilities } = await open(join(directory, 'node_modules', name, script), place);
        await client.initialize();
        return {
          ...abilities,
          pid: client.pid,
          listTools: () => client.request('tools/list'),
          stop: () => client.stop(),
        };
      },
    }),
  };
}

function homeOf({ local }: Place, name: string): string {
  return join(local, `home-of-${name}`);
}
