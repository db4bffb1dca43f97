// Outside the functions, for the build makes a call of RegExp of each pattern with a property of Unicode.
const unsafeInHost = /^-|[\s\p{Cc}'`"$\\;&<>|(){},]/u;
const unsafeInUser = /^-|[\p{Cc}'`";&<>|(){}]|\s-|\\$/u;

/**
 * May `ssh` be given this host name? OpenSSH refuses what a shell in ProxyCommand or Match exec could take apart
 * (CVE-2023-51385).
 */
export function isSafeHostName(name: string): boolean {
  return name !== '' && !unsafeInHost.test(name);
}

/** May `ssh -l` be given this user name? */
export function isSafeUserName(name: string): boolean {
  return name !== '' && !unsafeInUser.test(name);
}
