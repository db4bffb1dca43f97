import { ScoutError } from '../../errors.ts';
import { quote } from '../../quote.ts';
import { readPublicHalf } from '../auth/public-half.ts';
import { formatJumps } from '../hosts/jump-spec.ts';
import { isSafeHostName } from '../hosts/safe-names.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { keyTypeOf } from '../known-hosts/public-key.ts';
import type { SeenAddress } from './seen-address.ts';

/** One line to paste, and what it buys. */
export interface HardLine {
  readonly text: string;
  readonly why: string;
}

/** What makes an account on a host that can look, and do nothing else. Every line stands for itself in its file. */
export interface Hardening {
  readonly account: string;
  /** A new name for the host, for the ssh configuration of this machine. */
  readonly newAlias: string;
  /** The key that the account is to be reached by: an own one is there, or `keygen` makes it. */
  readonly keygen: HardLine | undefined;
  /** Shell lines for root on the host. */
  readonly accountLines: readonly HardLine[];
  readonly keyLine: HardLine;
  /** Shell lines that put the key line where only root can change it. */
  readonly installLines: readonly HardLine[];
  readonly sshdLines: readonly HardLine[];
  readonly clientLines: readonly HardLine[];
}

/** SFTP, and one that a person or a doctor opens. */
const reservedChannels = 2;

/**
 * Write the parts for one host. `account` is a name as useradd(8) takes it. Throws ScoutError `invalid_argument`
 * for one that is none, and for a host whose address cannot stand in a configuration.
 */
export async function hardening(
  settings: HostSettings,
  seen: SeenAddress,
  account: string,
  maxChannels: number,
): Promise<Hardening> {
  // pasted for root, these lines would take the terminal from whoever looks after the machine, and nothing from root
  if (account === 'root' || !/^[a-z_][a-z0-9_-]{0,31}$/.test(account)) {
    throw new ScoutError(
      'invalid_argument',
      'that is not the name of an account of its own',
      'Use one such as scout.',
    );
  }
  const jumps = formatJumps(settings.proxyJump);
  if (!isSafeHostName(settings.hostName) || /["#\s\p{C}]/u.test(settings.hostName + jumps)) {
    throw new ScoutError(
      'invalid_argument',
      'the address of this host cannot be written into a configuration',
      'Correct its HostName or ProxyJump in the ssh configuration.',
    );
  }
  const name = settings.alias.replace(/[^\w.-]/g, '_').replace(/^-/, '_');
  const own = await ownKey(settings);
  const keyFile = own?.file ?? `~/.ssh/scout_${name}_ed25519`;
  const publicKey = own?.line ?? `PASTE_HERE_THE_LINE_OF_scout_${name}_ed25519.pub`;
  const keyLine = `restrict,from="${seen.address ?? 'THE_ADDRESS_THAT_THE_HOST_SEES'}" ${publicKey} scout-mcp`;
  return {
    account,
    newAlias: `${name}-${account}`,
    keygen: own ? undefined : keygenLine(name),
    accountLines: accountLines(account),
    keyLine: {
      text: keyLine,
      why: `no forwarding, no terminal, no rc file, from one address only: ${seen.why}`,
    },
    installLines: installLines(account, keyLine),
    sshdLines: sshdLines(account, maxChannels + reservedChannels),
    clientLines: clientLines(settings, `${name}-${account}`, account, keyFile, jumps),
  };
}

/**
 * The first key of the configuration that has a public half. Its comment is left behind, for that is text of
 * whoever made it; a certificate is not a key that authorized_keys names.
 */
async function ownKey({ identityFiles }: HostSettings): Promise<{ file: string; line: string } | undefined> {
  for (const path of identityFiles) {
    const { blob } = await readPublicHalf(path);
    const type = blob && keyTypeOf(blob);
    if (!blob || !type || type.includes('-cert-v0') || /["\\\p{Cc}]/u.test(path)) continue;
    const file = path.replace(/\.pub$/, '');
    return { file, line: `${type} ${blob.toString('base64')}` };
  }
  return undefined;
}

function keygenLine(name: string): HardLine {
  return {
    text: `ssh-keygen -t ed25519 -f ~/.ssh/scout_${name}_ed25519 -C scout-mcp`,
    why: 'on this machine: a key for this account alone, which can be taken away without touching any other',
  };
}

function accountLines(account: string): readonly HardLine[] {
  const home = `/home/${account}`;
  const join = (group: string) => `getent group ${group} >/dev/null && usermod -a -G ${group} ${account}`;
  return [
    {
      text: `useradd -M -d ${home} -s /bin/sh -p '*' ${account}`,
      why: 'an account of its own, with a plain shell and no password (BusyBox: adduser -D)',
    },
    {
      text: `install -d -m 750 -o root -g ${account} ${home}`,
      why: 'its home is read by it and written by root only: no key and no rc file can be left there',
    },
    {
      text: join('adm'),
      why: 'reads the logs below /var/log, on Debian and its kin; leave it out where logs hold secrets',
    },
    {
      text: join('systemd-journal'),
      why: 'reads the whole journal. Never docker, lxd, disk, sudo or wheel: each of them is as good as root',
    },
  ];
}

function installLines(account: string, keyLine: string): readonly HardLine[] {
  const directory = `/home/${account}/.ssh`;
  return [
    { text: `install -d -m 750 -o root -g ${account} ${directory}`, why: 'sshd reads it as the account' },
    {
      text: `printf '%s\\n' ${quote(keyLine)} > ${directory}/authorized_keys`,
      why: 'the key line above, and no other key',
    },
    {
      text: `chown root:${account} ${directory}/authorized_keys && chmod 640 ${directory}/authorized_keys`,
      why: 'only root can change it',
    },
  ];
}

/** sshd_config(5). The key line says most of it already; this holds for any key that the account ever gets. */
function sshdLines(account: string, maxSessions: number): readonly HardLine[] {
  return [
    { text: `Match User ${account}`, why: 'for this account only' },
    { text: '    AuthenticationMethods publickey', why: 'no password, no keyboard-interactive' },
    {
      text: '    DisableForwarding yes',
      why: 'no forwarding of any kind, also of kinds that are yet to come',
    },
    { text: '    AllowTcpForwarding no', why: 'no way through this host to others behind it' },
    { text: '    AllowStreamLocalForwarding no', why: 'no way to its sockets, such as that of Docker' },
    { text: '    AllowAgentForwarding no', why: 'keys of the one who logs in stay at home' },
    { text: '    X11Forwarding no', why: 'no windows' },
    { text: '    GatewayPorts no', why: 'no listening port' },
    { text: '    PermitTunnel no', why: 'no network device' },
    { text: '    PermitTTY no', why: 'no interactive programs; scout-mcp needs no terminal' },
    { text: '    PermitUserRC no', why: 'no file of the account runs at login' },
    {
      text: '    AcceptEnv none',
      why: 'no variable is taken from the client (none is a name that nobody sends)',
    },
    {
      text: `    MaxSessions ${maxSessions}`,
      why: `SCOUT_MAX_CHANNELS_PER_HOST and ${reservedChannels} more on one connection`,
    },
    { text: 'Match all', why: 'ends the block, wherever it stands in the file' },
  ];
}

/** ssh_config(5). A name of its own, so that the account of the person stays as it is. */
function clientLines(
  settings: HostSettings,
  newAlias: string,
  account: string,
  keyFile: string,
  jumps: string,
): readonly HardLine[] {
  const { hostName, port, hostKeyAlias, proxyCommand } = settings;
  const keyAlias =
    hostKeyAlias !== undefined && !/["#\s\p{C}]/u.test(hostKeyAlias) ? hostKeyAlias : undefined;
  return [
    { text: `Host ${newAlias}`, why: 'above any Host pattern that would say other things of it' },
    { text: `    HostName ${hostName}`, why: 'the same machine' },
    ...(port === 22 ? [] : [{ text: `    Port ${port}`, why: 'the same port' }]),
    ...(jumps === '' ? [] : [{ text: `    ProxyJump ${jumps}`, why: 'the same way' }]),
    ...(proxyCommand === undefined
      ? []
      : [{ text: '    # ProxyCommand: copy it from the entry of the host', why: 'the same way' }]),
    ...(keyAlias === undefined ? [] : [{ text: `    HostKeyAlias ${keyAlias}`, why: 'the same host key' }]),
    { text: `    User ${account}`, why: 'the account made above' },
    { text: `    IdentityFile "${keyFile.replaceAll('%', '%%')}"`, why: 'the key of the key line' },
    { text: '    IdentitiesOnly yes', why: 'no other key of yours is shown to the host' },
  ];
}
