import { statSync } from 'node:fs';
import { ScoutError } from '../../errors.ts';
import type { LeftToOpenssh } from '../auth/identity-unusable.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { isHostBased } from './needs-openssh.ts';

const leftToOpenssh: LeftToOpenssh['level'] = 'left-to-openssh';

/**
 * Whether the installed ssh may get in where the built-in engine did not, for a reason that no setting tells
 * beforehand: the server has only key exchanges that ssh2 lacks (post-quantum ones), or it would take the
 * Kerberos ticket that is there, an identity that only ssh can use, or the key of this machine, or its certificate is
 * for a host key of another type than the built-in engine asks for.
 */
export function isWorthSecondTry(
  error: unknown,
  settings: HostSettings,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (!(error instanceof ScoutError)) return false;
  const { code, cause } = error;
  if (code === 'host_key_unknown' || code === 'host_key_changed') return cause !== undefined;
  const level = cause instanceof Error && 'level' in cause ? cause.level : undefined;
  if (code === 'auth_failed')
    return (
      level === leftToOpenssh || isHostBased(settings) || (settings.gssapiAuthentication && hasTicket(env))
    );
  return code === 'unreachable' && level === 'handshake';
}

/** A credential cache of kerberos(7): KRB5CCNAME, else the file of the user. */
function hasTicket({ KRB5CCNAME }: Readonly<Record<string, string | undefined>>): boolean {
  if (KRB5CCNAME !== undefined && !/^(FILE:)?\//.test(KRB5CCNAME)) return true; // a keyring or a directory
  const file = KRB5CCNAME?.replace(/^FILE:/, '') ?? `/tmp/krb5cc_${process.getuid?.() ?? ''}`;
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
