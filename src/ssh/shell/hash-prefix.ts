// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import { ScoutError } from '../../errors.ts';
import { quote } from '../../quote.ts';
import type { RunScript } from './file-door.ts';
import { digestCommand } from './hash-script.ts';
import { pathWord } from './shell-words.ts';

const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * SHA-256 of the first `bytes` of a regular file, as the remote shell sees it, in hexadecimal. Undefined where there
 * is no shell, no such file, or no program that makes one. Rejects with `connection_lost`, or the signal's reason.
 */
export async function hashPrefix(
  run: RunScript,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  const script = [
    'exec 2>/dev/null',
    `p=${pathWord(path, quote)}`,
    '[ -f "$p" ] || exit 3',
    'digest() {',
    // coreutils has no use for the instructions that processors have for this: OpenSSL is five times faster
    `if command -v openssl >/dev/null; then openssl dgst -sha256; ${digestCommand.replace(/^if/, 'elif')}`,
    '}',
    // a pipe costs more than the digest: none where the file ends there
    's=$(stat -L -c %s "$p" || stat -L -f %z "$p")',
    `if [ "$s" = ${bytes} ]; then digest <"$p"; else head -c ${bytes} <"$p" | digest; fi`,
  ].join('\n');
  const sink = {
    stdout(chunk: Buffer) {
      chunks.push(chunk);
      return chunks.length > 16 ? ('stop' as const) : ('more' as const);
    },
    stderr: () => 'more' as const,
  };
  try {
    await run(script, sink, signal);
  } catch (error) {
    if (error instanceof ScoutError && (error.code === 'no_shell' || error.code === 'not_available'))
      return undefined;
    throw error;
  }
  const sha256 = /\b[0-9a-f]{64}\b/.exec(Buffer.concat(chunks).toString('latin1'))?.[0];
  return sha256 === ofNothing && bytes > 0 ? undefined : sha256; // a head(1) without -c
}
