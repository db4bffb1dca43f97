import { ScoutError } from '../../errors.ts';
import { quote } from '../../quote.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { keyTypeName } from './public-key.ts';
import type { HostKeyVerdict } from './verdict.ts';

/**
 * Why a host key was refused, with its type and fingerprint, and the step that lets the host in: ScoutError
 * `host_key_unknown`, `host_key_changed` or `host_key_revoked`. Not for a known key. Its cause tells where a certificate
 * for another key of the host may let it in.
 */
export function hostKeyError(settings: HostSettings, verdict: HostKeyVerdict): ScoutError {
  const { alias } = settings;
  const accept = acceptance(alias, verdict.override);
  const cause =
    verdict.uncertified && new Error('the key shown has no certificate by an authority of the host');
  const key = `${keyTypeName(verdict.keyType)} key ${verdict.fingerprint}`;
  const name = verdict.lookupName === alias ? alias : `${alias} (${verdict.lookupName})`;
  const place = verdict.decidedBy ? `${verdict.decidedBy.file}:${verdict.decidedBy.line}` : 'known_hosts';
  if (verdict.state === 'revoked') {
    return new ScoutError(
      'host_key_revoked',
      `${name} showed the ${key}, which ${place} marks as revoked`,
      'Do not connect: the key is known to be stolen or withdrawn. Ask the host’s owner which key it has now; if the mark is a mistake, delete that line.',
    );
  }
  if (verdict.state === 'changed') {
    return new ScoutError(
      'host_key_changed',
      `${name} showed the ${key}, but ${place} has another key for it: the host was reinstalled, or somebody is in between`,
      `Compare the fingerprint with the one that the machine itself prints (${onMachine(verdict)}). Only if they are equal: ${removal(verdict)}, then run ${accept} once and accept the key.`,
      cause,
    );
  }
  const unread = verdict.problems.length > 0 ? `; could not read ${verdict.problems.join(', ')}` : '';
  return new ScoutError(
    'host_key_unknown',
    `${name} showed the ${key}, which no known_hosts file has${unread}`,
    verdict.problems.length > 0
      ? `Make the known_hosts file readable (${verdict.problems.join(', ')}), and call again.`
      : `Compare the fingerprint with the one that the machine itself prints (${onMachine(verdict)}), then run ${accept} once and accept the key.`,
    cause,
  );
}

function onMachine(verdict: HostKeyVerdict): string {
  const type = keyTypeName(verdict.keyType).toLowerCase();
  return `\`ssh-keygen -lf /etc/ssh/ssh_host_${type}_key.pub\``;
}

/** What a person runs to accept a key, in words: where SCOUT_KNOWN_HOSTS is set, ssh would save it in another file. */
export function acceptance(alias: string, override: string | undefined): string {
  const trust = `scout-mcp trust ${word(alias)}`;
  if (override !== undefined) return `\`SCOUT_KNOWN_HOSTS=${word(override)} ${trust}\``;
  return `\`${trust}\`, or \`ssh ${word(alias)}\`,`;
}

function removal({ lookupName, decidedBy }: HostKeyVerdict): string {
  const file =
    decidedBy && !decidedBy.file.startsWith('KnownHostsCommand') ? ` -f ${word(decidedBy.file)}` : '';
  return `\`ssh-keygen -R ${word(lookupName)}${file}\``;
}

/** A word to paste into a shell, bare where it needs no quotes. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quote(text);
}
