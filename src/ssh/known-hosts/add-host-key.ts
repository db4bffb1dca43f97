import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostSettings } from '../hosts/settings.ts';
import { hashHostName, matchesHostField } from './host-field.ts';
import { parseKnownHosts, readKey } from './known-hosts-line.ts';
import type { HostKeyVerdict } from './verdict.ts';

export type AddedHostKey =
  | { readonly added: true; readonly file: string }
  | { readonly added: false; readonly file: string | undefined; readonly reason: string };

/**
 * Append an accepted host key to the first user known_hosts file (or to `override`), as ssh(1) does: one write
 * with O_APPEND, so that several processes can do it at once; the file keeps its permissions, a new one gets
 * 0600, `~/.ssh` is made with 0700; HashKnownHosts is honoured. Never rejects: a host that was accepted may be
 * used even where its key cannot be saved.
 */
export async function addHostKey(
  settings: HostSettings,
  verdict: HostKeyVerdict,
  override: string | undefined,
  home: string = homedir(),
): Promise<AddedHostKey> {
  const file = override ?? settings.userKnownHostsFiles[0];
  const name = verdict.lookupName;
  if (file === undefined)
    return { added: false, file, reason: 'the configuration names no known_hosts file' };
  if (!isWritable(settings, name))
    return { added: false, file, reason: 'the host name does not fit into known_hosts' };
  try {
    if (dirname(file) === join(home, '.ssh')) await mkdir(dirname(file), { mode: 0o700, recursive: true });
    return await append(file, name, verdict, settings.hashKnownHosts);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { added: false, file, reason: `the file cannot be written (${code})` };
  }
}

async function append(
  file: string,
  name: string,
  { blob, keyType }: HostKeyVerdict,
  hash: boolean,
): Promise<AddedHostKey> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const facts = await handle.stat();
    if (facts.isFile()) {
      const before = await handle.readFile('latin1');
      const own = parseKnownHosts(before, file).filter((line) => matchesHostField(line.hosts, name));
      if (own.some((line) => line.marker === 'none' && readKey(line)?.blob.equals(blob)))
        return { added: false, file, reason: 'another process has added it' };
      const gap = before === '' || before.endsWith('\n') ? '' : '\n';
      const host = hash ? hashHostName(name, randomBytes(20)) : name;
      const line = Buffer.from(`${gap}${host} ${keyType} ${blob.toString('base64')}\n`);
      const { bytesWritten } = await handle.write(line);
      if (bytesWritten !== line.length) return { added: false, file, reason: 'the disk is full' };
    }
    return { added: true, file };
  } finally {
    await handle.close();
  }
}

/** ssh(1) records no name that would be a pattern, a list or a comment. */
function isWritable(settings: HostSettings, name: string): boolean {
  const bare = settings.hostKeyAlias ?? settings.hostName;
  return !/[@?*#[\]|'"\\,\s!]/.test(bare) && name !== '' && !/[^\x21-\x7e]/.test(name);
}
