import { readFileSync } from 'node:fs';
import { Client, type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';

export interface TestClient {
  readonly client: Client;
  /** How many SFTP channels were opened. */
  opened(): number;
  sftp(): Promise<SFTPWrapper>;
}

/** An sshd, and a connection to it, for all tests of a file. */
export function useClient(): { readonly sshd: Sshd; readonly client: TestClient } {
  let ground: { sshd: Sshd; client: TestClient };
  beforeAll(async () => {
    const sshd = await startSshd();
    ground = { sshd, client: await connectClient(sshd) };
  });
  afterAll(async () => {
    ground.client.client.end();
    await ground.sshd.stop();
  });
  return {
    get sshd() {
      return ground.sshd;
    },
    get client() {
      return ground.client;
    },
  };
}

/** An ssh2 connection to a fixture sshd, without any of our own connection code. */
export async function connectClient(sshd: Sshd, user = 'root', port = sshd.port): Promise<TestClient> {
  const client = new Client();
  client.on('error', () => {}); // what matters is what the door says
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
    const privateKey = readFileSync(sshd.keys.ed25519);
    client.connect({ host: '127.0.0.1', port, username: user, privateKey });
  });
  client.setNoDelay(true);
  let opened = 0;
  return {
    client,
    opened: () => opened,
    sftp: () =>
      new Promise((resolve, reject) => {
        opened += 1;
        client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
      }),
  };
}
