import { Client } from 'ssh2';
import type { ScoutError } from '../../../src/errors.ts';
import type { IdentityReport } from '../../../src/ssh/auth/identity.ts';
import { KeyFiles } from '../../../src/ssh/auth/key-files.ts';
import { prepareAuth } from '../../../src/ssh/auth/prepare-auth.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import type { Sshd } from '../../fixtures/sshd.ts';
import { aHost } from '../known-hosts/a-host.ts';

export interface LoginResult {
  readonly ok: boolean;
  readonly report: readonly IdentityReport[];
  readonly failure: ScoutError | undefined;
}

export interface LoginOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly keyFiles?: KeyFiles;
}

/** Log in to a test sshd with ssh2 and scout's identities; the host key is not what is tested. */
export async function loginTo(
  { port }: Pick<Sshd, 'port'>,
  changes: Partial<HostSettings>,
  { env = {}, signal = new AbortController().signal, keyFiles = new KeyFiles(env) }: LoginOptions = {},
): Promise<LoginResult> {
  const settings = aHost({ port, ...changes });
  const auth = await prepareAuth(settings, env, signal, keyFiles);
  const client = new Client();
  const error = await new Promise<unknown>((resolve) => {
    client.on('error', resolve);
    client.once('close', () => resolve(new Error('closed')));
    client.once('ready', () => resolve(undefined));
    client.connect({
      host: '127.0.0.1',
      port,
      username: settings.user,
      authHandler: auth.handler,
      hostVerifier: () => true,
      readyTimeout: 0,
    });
    auth.attach(client);
  });
  client.end();
  return {
    ok: error === undefined,
    report: auth.report(),
    failure: error === undefined ? undefined : auth.failure(error),
  };
}
