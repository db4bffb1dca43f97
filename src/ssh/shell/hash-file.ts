import { pathDenied, pathTrapped } from '../../path-denied.ts';
import type { FileFacts } from '../files.ts';
import { type RunScript, unreadable } from './file-door.ts';
import type { Sink } from './framed-channel.ts';
import { hashScript } from './hash-script.ts';
import { parseFacts } from './parse-facts.ts';
import { isReason, pathError } from './why-not.ts';

/** What a path is, and the SHA-256 of its content in hexadecimal where the machine has a program for it. */
export interface FileHash {
  readonly facts: FileFacts;
  /** Undefined for what is no regular file, and where nothing there makes a digest. */
  readonly sha256: string | undefined;
}

/** Far more than the two lines of an answer have. */
const mostBytes = 16 * 1024;

/**
 * Have a file hashed where it is, by one script. A link at the path itself is followed; nothing but a regular file
 * is opened. Rejects as `createShellDoor`'s reads do.
 */
export async function hashFile(run: RunScript, path: string, signal: AbortSignal): Promise<FileHash> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const sink: Sink = {
    stdout(chunk) {
      chunks.push(chunk);
      bytes += chunk.length;
      return bytes > mostBytes ? 'stop' : 'more';
    },
    stderr: () => 'more',
  };
  const end = await run(hashScript(path), sink, signal);
  const [head = '', digest = ''] = Buffer.concat(chunks).toString('latin1').split('\n');
  const reason = head.startsWith('e') ? head.slice(1) : '';
  if (isReason(reason)) throw pathError(reason, path);
  if (reason === 'D') throw pathDenied(path);
  if (reason === 'T') throw pathTrapped(path);
  const facts = parseFacts(head.slice(1))?.facts;
  const failed = !('exitCode' in end) || end.exitCode !== 0;
  if (!facts || failed) throw unreadable(path);
  if (head.startsWith('s') || digest === 'none') return { facts, sha256: undefined };
  const sha256 = /\b[0-9a-f]{64}\b/.exec(digest)?.[0];
  if (sha256 === undefined) throw unreadable(path);
  return { facts, sha256 };
}
