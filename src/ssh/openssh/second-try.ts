import { statSync } from 'node:fs';
import { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';

/**
 * Whether the installed ssh may get in where the built-in engine did not, for a reason that no setting tells
 * beforehand: the server has only key exchanges that ssh2 lacks (post-quantum ones), or it would take the
 * Kerberos ticket that is there, or its certificate is for a host key of another type than the built-in engine asks for.
 */
export function isWorthSecondTry(
  error: unknown,
  settings: HostSettings,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (!(error instanceof ScoutError)) return false;
  if (error.code === 'auth_failed') return settings.gssapiAuthentication && hasTicket(env);
  const { cause } = error;
  if (error.code === 'host_key_unknown' || error.code === 'host_key_changed') return cause !== undefined;
  return (
    error.code === 'unreachable' && cause instanceof Error && 'level' in cause && cause.level === 'handshake'
  );
}

/** A credential cache of kerberos(7): KRB5CCNAME, else the file of the user. */
function hasTicket({ KRB5CCNAME }: Readonly<Record<string, string | undefined>>): boolean {
  if (KRB5CCNAME !== undefined && !/^(FILE:)?\//.test(KRB5CCNAME)) return true; // a keyring or a directory
  const file = KRB5CCNAME?.replace(/^FILE:/, '') ?? `/tmp/krb5cc_${process.getuid?.() ?? ''}`;
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
