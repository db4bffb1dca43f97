import { connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeScout } from '../../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';

let sshd: Sshd;
let user: TestUser;
let lumps: Server;

beforeAll(async () => {
  [sshd, user] = await Promise.all([startSshd(), makeUser({ shell: 'nologin' })]);
  lumps = createServer((client) => {
    const target = connect(sshd.port, '127.0.0.1');
    let held: Buffer[] = [];
    const flush = setInterval(() => client.write(Buffer.concat(held.splice(0))), 100);
    target.on('data', (chunk) => held.push(chunk));
    target.on('close', () => client.destroy());
    client.on('error', () => target.destroy());
    client.on('close', () => {
      clearInterval(flush);
      held = [];
      target.destroy();
    });
    client.pipe(target);
  });
  await new Promise<void>((resolve) => lumps.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  lumps.close();
  await Promise.all([sshd.stop(), user.remove()]);
});

test('an exit status is heard though the whole session comes in one piece', async () => {
  const address = lumps.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const block = sshd.configFor('web1', {
    User: user.name,
    Port: port,
    HostKeyAlias: `[127.0.0.1]:${sshd.port}`,
  });
  const scout = makeScout(sshd.writeConfig(block), { SCOUT_SSH_ENGINE: 'ssh2' });
  const { error } = await scout.call('scout_query', { hosts: 'web1', command: 'true' });
  expect(error?.code).toBe('no_shell');
  await scout.close();
});
