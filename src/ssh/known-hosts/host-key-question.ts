import { toRemoteLine } from '../../remote-text.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { keyTypeName } from './public-key.ts';
import type { HostKeyVerdict } from './verdict.ts';

/** What a person is asked before an unknown key is saved, as ssh(1) asks it: host, key type and fingerprint. */
export function hostKeyQuestion({ alias }: HostSettings, verdict: HostKeyVerdict): string {
  const type = keyTypeName(verdict.keyType);
  const place = verdict.lookupName === alias ? '' : ` (${toRemoteLine(verdict.lookupName)})`;
  return [
    `The host ${toRemoteLine(alias)}${place} cannot be verified: no known_hosts file has a key for it. It showed this one:`,
    `${type} ${verdict.fingerprint}`,
    `On the machine itself, \`ssh-keygen -lf /etc/ssh/ssh_host_${type.toLowerCase()}_key.pub\` prints its fingerprint.`,
    'Accept only if it is the same: the key is then saved in known_hosts, and scout-mcp connects.',
  ].join('\n');
}
