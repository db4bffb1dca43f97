import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { ScoutError } from '../../errors.ts';

/** The installed `ssh` of PATH. Rejects with ScoutError `not_available` where there is none. */
export async function findSsh(env: NodeJS.ProcessEnv): Promise<string> {
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    if (directory === '') continue;
    const path = resolve(directory, 'ssh');
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new ScoutError(
    'not_available',
    'this machine has no ssh program, which the openssh engine needs',
    'Install the OpenSSH client and have it in PATH, or set SCOUT_SSH_ENGINE=ssh2.',
  );
}

/**
 * The environment of every `ssh` that is started: no program may come up on the user's screen. BatchMode forbids
 * questions, but not the notice by SSH_ASKPASS that a security key wants to be touched.
 */
export function quietEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { SSH_ASKPASS: _, ...rest } = env;
  return { ...rest, SSH_ASKPASS_REQUIRE: 'never' };
}
