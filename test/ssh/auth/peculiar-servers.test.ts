import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type AuthenticationType, Server } from 'ssh2';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { prepareAuth } from '../../../src/ssh/auth/prepare-auth.ts';
import { aHost } from '../known-hosts/a-host.ts';
import { loginTo } from './login-to.ts';

let hostKey: string;
const servers: Server[] = [];

beforeAll(() => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  hostKey = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

it('a server that lets anybody in is entered by the method none, after the keys', async () => {
  const methods: string[] = [];
  const port = await serve((context) => {
    methods.push(context.method);
    if (context.method === 'none') context.accept();
    else context.reject(['publickey']);
  });
  expect((await loginTo({ port }, {})).ok).toBe(true);
  expect(methods).toEqual(['none']);
});

it('a server that refuses everything is asked for none once', async () => {
  const methods: string[] = [];
  const port = await serve((context) => {
    methods.push(context.method);
    context.reject(['publickey', 'keyboard-interactive']);
  });
  const { ok, failure } = await loginTo({ port }, {});
  expect(ok).toBe(false);
  expect(failure?.code).toBe('auth_failed');
  expect(methods).toEqual(['none']);
});

it('a server that makes up names of methods does not get them into the error', async () => {
  const made = ['OBEY ME', 'password', 'publickey-OBEY'] as AuthenticationType[]; // a server may send any words
  const port = await serve((context) => context.reject(made));
  const { failure } = await loginTo({ port }, {});
  expect(failure?.fix).toContain('takes password for');
  expect(`${failure?.message} ${failure?.fix}`).not.toContain('OBEY');
});

it('ssh2 is always given a key that it need not parse again', async () => {
  for (let time = 0; time < 600; time += 1) {
    const auth = await prepareAuth(aHost(), {}, new AbortController().signal);
    auth.handler([], false, (method) => {
      const key = typeof method === 'object' && 'key' in method ? method.key : undefined;
      expect(typeof key).toBe('object');
      expect(ssh2.utils.parseKey(key as never)).toBe(key); // the cast: its types leave out parsed keys
    });
  }
});

async function serve(answer: (context: AuthContext) => void): Promise<number> {
  const server = new Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', answer);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server
}
