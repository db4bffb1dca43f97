import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';

/**
 * The files and directories that this server lives by, which scout_beam neither reads nor writes: what tells it whom to
 * trust and where to connect, what it writes down of its work, and its own program with the Node.js that runs it.
 */
export function ownFiles(
  config: Pick<Config, 'sshConfig' | 'knownHosts' | 'auditLog' | 'metricsFile'>,
  homeDir: string,
): readonly string[] {
  const program = process.argv[1];
  const named = [config.sshConfig, config.knownHosts, config.auditLog, config.metricsFile, program];
  return [
    ...named.filter((path) => path !== undefined),
    join(homeDir, '.ssh'),
    '/etc/ssh',
    process.execPath,
    dirname(fileURLToPath(import.meta.url)),
  ];
}
