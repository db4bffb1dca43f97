/**
 * May `ssh` be given this host name? OpenSSH refuses what a shell in ProxyCommand or Match exec could take apart
 * (CVE-2023-51385).
 */
export function isSafeHostName(name: string): boolean {
  return name !== '' && !/^-|[\s\p{Cc}'`"$\\;&<>|(){},]/u.test(name);
}

/** May `ssh -l` be given this user name? */
export function isSafeUserName(name: string): boolean {
  return name !== '' && !/^-|[\p{Cc}'`";&<>|(){}]|\s-|\\$/u.test(name);
}
