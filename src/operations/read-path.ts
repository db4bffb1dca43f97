import { isUtf8 } from 'node:buffer';
import { binaryType, isImage } from '../content-type.ts';
import type { FileDoor, ReadOutcome, ReadRequest } from '../ssh/files.ts';
import { wholeEnd } from './whole-characters.ts';

const lineFeed = 0x0a;
/** What tells the kind of a file. */
const headBytes = 8_192;

/**
 * What one path holds, as far as it is wanted. A file that is no text has no lines: whatever lines of it are wanted, an
 * image comes whole, where it may be so large, and other content from its first byte.
 */
export async function readPath(
  door: FileDoor,
  wanted: ReadRequest,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const outcome = endedWell(await door.read(wanted, signal));
  if (outcome.what !== 'file' || (wanted.firstLine === 1 && wanted.lines === undefined)) return outcome;
  const { content, facts } = outcome;
  const isText = content.length > 0 && binaryType(content) === undefined && isUtf8(content);
  if (isText || facts.sizeBytes === 0) return outcome;
  const whole = { ...wanted, firstLine: 1, lines: undefined };
  const head = await door.read({ ...whole, maxBytes: Math.min(headBytes, wanted.maxBytes) }, signal);
  const type = head.what === 'file' ? binaryType(head.content) : undefined;
  if (type === undefined) return outcome;
  return isImage(type) && facts.sizeBytes <= wanted.maxBytes ? await door.read(whole, signal) : head;
}

/** A file that was cut ends at the end of a line, so that the next offset goes on; or at a whole character. */
function endedWell(outcome: ReadOutcome): ReadOutcome {
  if (outcome.what !== 'file' || !outcome.truncated) return outcome;
  const { content } = outcome;
  const lineEnd = content.lastIndexOf(lineFeed) + 1;
  return { ...outcome, content: content.subarray(0, lineEnd > 0 ? lineEnd : wholeEnd(content)) };
}
