import type { HardenedHost } from '../operations/harden-host.ts';

type HardLine = HardenedHost['keyLine'];

/** For a person: what to paste where. What is said of a line is a comment in the language of that line. */
export function formatHardening(hardened: HardenedHost): string {
  const { account, newAlias, keygen, accountLines, keyLine, installLines, sshdLines, clientLines } = hardened;
  const host = hardened.host.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  const lines = [
    ...heading(`An account on ${host} that can look and do nothing else.`),
    ...heading('Nothing was changed and nobody was asked: read this, then paste what you want.'),
    '',
    ...(keygen ? [...heading('0. On this machine: a key'), ...explained([keygen]), ''] : []),
    ...heading(`1. On ${host}, as root: the account`),
    ...explained(accountLines),
    '',
    ...heading(`2. On ${host}: the line for /home/${account}/.ssh/authorized_keys`),
    ...explained([keyLine]),
    ...heading('   the same as commands for root:'),
    ...explained(installLines),
    '',
    ...heading(`3. On ${host}: the end of /etc/ssh/sshd_config; then as root: sshd -t, and reload sshd`),
    ...explained(sshdLines),
    '',
    ...heading('4. On this machine: ~/.ssh/config, near its top'),
    ...explained(clientLines),
    '',
    ...heading(
      'What the kernel wall adds: this account still reads what every account may read, and writes where',
    ),
    ...heading(
      'every account may write (/tmp). Where the kernel offers it (Landlock and seccomp), scout-mcp also',
    ),
    ...heading('takes writing and the network from its own commands; doctor says whether that wall stands.'),
    ...heading('Test it:'),
    `scout-mcp doctor ${newAlias}`,
  ];
  return lines.join('\n');
}

/** The same for machines. */
export function structureHardening(hardened: HardenedHost): Record<string, unknown> {
  const { host, account, newAlias, keygen, accountLines, keyLine, installLines, sshdLines, clientLines } =
    hardened;
  return {
    host,
    account,
    alias: newAlias,
    ...(keygen && { keygen }),
    account_lines: accountLines,
    key_line: keyLine,
    install_lines: installLines,
    sshd_lines: sshdLines,
    client_lines: clientLines,
    test: `scout-mcp doctor ${newAlias}`,
  };
}

function heading(text: string): readonly string[] {
  return [`# ${text}`];
}

/** The reason goes before its line: neither file takes a comment behind a value on all versions. */
function explained(lines: readonly HardLine[]): readonly string[] {
  return lines.flatMap(({ text, why }) => [`${indentOf(text)}# ${why}`, text]);
}

function indentOf(text: string): string {
  return /^ */.exec(text)?.[0] ?? '';
}
