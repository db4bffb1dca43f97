import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { abortReason } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import { splitArguments } from '../hosts/arguments.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { type KnownHostsLine, parseKnownHosts } from './known-hosts-line.ts';
import { fingerprintOf, keyTypeOf } from './public-key.ts';

export interface KnownHostsCommandRun {
  /** The template of ssh_config(5) KnownHostsCommand; the tokens %% %f %H %I %K %t are left in it. */
  readonly command: string;
  /** %I: ORDER before the connection, HOSTNAME to check `blob`. */
  readonly reason: 'ORDER' | 'HOSTNAME';
  /** %H: the name being looked up. */
  readonly name: string;
  readonly blob: Buffer | undefined;
  readonly settings: HostSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const maxOutputBytes = 4 * 1024 * 1024;

/**
 * Run KnownHostsCommand as ssh(1) does, without a shell, and give the lines it prints: none where there is no such
 * file, or no directory before its name. Rejects with ScoutError `host_key_unknown` where it cannot be run, fails or
 * prints more than 4 MiB, or with the signal's reason.
 */
export async function runKnownHostsCommand(
  run: KnownHostsCommandRun,
  signal: AbortSignal,
): Promise<readonly KnownHostsLine[]> {
  const [program, ...words] = splitArguments(run.command)?.map((word) => expand(word, run)) ?? [];
  const isThere = async (path: string) => isAbsolute(path) && (await stat(path).catch(() => undefined));
  if (program !== undefined && !(await isThere(program))) return [];
  return await new Promise((resolve, reject) => {
    const fail = (why: string) => reject(failure(run.settings, why));
    if (signal.aborted) return reject(abortReason(signal));
    if (program === undefined) return fail('is empty or has an open quote');
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...run.env } });
    const onAbort = () => {
      child.kill('SIGKILL');
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutputBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.once('error', () => {
      signal.removeEventListener('abort', onAbort);
      fail('cannot be started');
    });
    child.once('close', (code) => {
      signal.removeEventListener('abort', onAbort);
      if (code !== 0) fail(size > maxOutputBytes ? 'printed more than 4 MiB' : 'failed');
      else
        resolve(parseKnownHosts(Buffer.concat(chunks).toString('latin1'), `KnownHostsCommand-${run.reason}`));
    });
  });
}

/** ssh_config(5), TOKENS. */
function expand(word: string, { blob, name, reason }: KnownHostsCommandRun): string {
  const tokens: Record<string, string> = {
    '%': '%',
    H: name,
    I: reason,
    K: blob?.toString('base64') ?? '',
    t: blob ? keyTypeOf(blob) : 'NONE',
    f: blob ? fingerprintOf(blob) : 'NONE',
  };
  return word.replace(/%([%HIKtf])/g, (all, token: string) => tokens[token] ?? all);
}

function failure(settings: HostSettings, why: string): ScoutError {
  return new ScoutError(
    'host_key_unknown',
    `the KnownHostsCommand configured for ${settings.alias} ${why}, so the host's key cannot be checked`,
    `Run \`ssh -v ${settings.alias}\` to see what the command says, and correct KnownHostsCommand in the ssh configuration.`,
  );
}
