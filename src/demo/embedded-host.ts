import { generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import { connect } from 'node:net';
import { type AuthContext, type Connection, type ParsedKey, Server, utils } from 'ssh2';
import { type RunningShell, serveSession } from './embedded-session.ts';

export interface EmbeddedHostOptions {
  /** What the host calls itself in HOSTNAME of its sessions. */
  readonly name: string;
  /** Home directory of whoever logs in, whatever the user name. */
  readonly rootDir: string;
  /** Private key in a format that ssh2 reads. */
  readonly hostKey: string;
  /** The one public key that may log in, as a line of authorized_keys. */
  readonly authorizedKey: string;
  /** Ports of this machine that the host, as a jump, connects to; none unless given. */
  readonly mayForwardTo?: (port: number) => boolean;
}

export interface EmbeddedHost {
  readonly port: number;
  /** The line for known_hosts. */
  readonly hostKeyLine: string;
  /** Kill what sessions started, drop connections, free the port. Resolves when all that is done. */
  stop(): Promise<void>;
}

/**
 * An SSH server on 127.0.0.1 and a random port, for the demo and for tests. Commands and shells run as this
 * process's user under the local /bin/sh, each in a process group of its own, with `rootDir` as home and working
 * directory. SFTP reads whatever that user may read (absolute paths are those of this machine) and refuses to
 * write. It is no sandbox: what keeps others out is the key, which lives only as long as the demo.
 */
export async function startEmbeddedHost(options: EmbeddedHostOptions): Promise<EmbeddedHost> {
  const authorized = parseKey(options.authorizedKey);
  const connections = new Set<Connection>();
  const shells = new Set<RunningShell>();
  const server = new Server({ hostKeys: [options.hostKey] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => {}); // 'close' follows
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', (context) => authenticate(context, authorized));
    connection.on('session', (accept) => serveSession(accept(), options, shells));
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const isLocal = destIP === '127.0.0.1' || destIP === 'localhost';
      if (!isLocal || !options.mayForwardTo?.(destPort)) {
        reject();
        return;
      }
      const socket = connect(destPort, '127.0.0.1');
      socket.once('error', reject); // does nothing once accepted
      socket.once('connect', () => {
        const channel = accept();
        channel.on('error', () => socket.destroy());
        socket.on('error', () => channel.destroy());
        channel.on('close', () => socket.destroy());
        channel.pipe(socket).pipe(channel);
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  const hostKey = parseKey(options.hostKey);
  return {
    port: address.port,
    hostKeyLine: `[127.0.0.1]:${address.port} ${hostKey.type} ${hostKey.getPublicSSH().toString('base64')}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all([...shells].map((shell) => shell.kill()));
      for (const connection of connections) connection.end();
      await closed;
    },
  };
}

/** A key pair that exists in memory only: `privateKey` in SEC 1's format, `publicKey` for authorized_keys. */
export function makeEmbeddedKey(): { readonly privateKey: string; readonly publicKey: string } {
  const made = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const privateKey = made.export({ type: 'sec1', format: 'pem' }).toString();
  const parsed = parseKey(privateKey);
  return {
    privateKey,
    publicKey: `${parsed.type} ${parsed.getPublicSSH().toString('base64')} scout-mcp demo`,
  };
}

/** Public key authentication (RFC 4252 section 7): first the question whether the key would do, then the proof. */
function authenticate(context: AuthContext, authorized: ParsedKey): void {
  if (context.method !== 'publickey') {
    context.reject(['publickey']);
    return;
  }
  const expected = authorized.getPublicSSH();
  const { key, signature, blob, hashAlgo } = context;
  const isKnown = key.data.length === expected.length && timingSafeEqual(key.data, expected);
  const isQuestion = signature === undefined || blob === undefined;
  if (isKnown && (isQuestion || authorized.verify(blob, signature, hashAlgo) === true)) context.accept();
  else context.reject();
}

function parseKey(text: string): ParsedKey {
  const parsed = utils.parseKey(text);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
