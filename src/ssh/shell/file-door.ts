import type { DenyPaths } from '../../deny-paths.ts';
import { ScoutError } from '../../errors.ts';
import { pathDenied, pathTrapped } from '../../path-denied.ts';
import type { FileDoor, FileFacts, ReadOutcome, ReadRequest } from '../files.ts';
import { showPath } from '../show-path.ts';
import type { Sink } from './framed-channel.ts';
import { parseFacts } from './parse-facts.ts';
import { parseListing } from './parse-listing.ts';
import { readScript } from './read-script.ts';
import { newTag, type RunEnd } from './shell-worker.ts';
import { isReason, pathError } from './why-not.ts';

/** Run shell text in a worker, in the home directory; as `ShellWorker.run`. */
export type RunScript = (script: string, sink: Sink, signal: AbortSignal) => Promise<RunEnd>;

/**
 * Look at files by a shell alone: one script, and so one round trip, a read. Rejects also with `path_denied` for a
 * path that leads to what `denied` denies, or to a file of the kernel that does more than be read, and lists nothing below
 * a denied path.
 */
export function createShellDoor(run: RunScript, denied: DenyPaths): FileDoor {
  return {
    async read(request, signal) {
      const token = newTag();
      const chunks: Buffer[] = [];
      let bytes = 0;
      const sink: Sink = {
        stdout(chunk) {
          chunks.push(chunk);
          bytes += chunk.length;
          return bytes > request.maxBytes + headBytes ? 'stop' : 'more'; // head(1) has stopped before
        },
        stderr: () => 'more',
      };
      const end = await run(readScript(request, token), sink, signal);
      const failed = 'exitCode' in end && end.exitCode !== 0;
      return parseAnswer(Buffer.concat(chunks), request, token, failed, denied);
    },
  };
}

/** More than the first line of an answer can have. */
const headBytes = 4_096;

function parseAnswer(
  answer: Buffer,
  request: ReadRequest,
  token: string,
  failed: boolean,
  denied: DenyPaths,
): ReadOutcome {
  const head = answer.subarray(0, Math.max(0, answer.indexOf(0x0a))).toString('latin1');
  const body = answer.subarray(head.length + 1);
  const kind = head.charAt(0);
  if (kind === 'e') throw refusal(head.slice(1), request.path);
  const facts = parseFacts(head.slice(kind === 'd' ? 2 : 1))?.facts;
  if (!facts) throw unreadable(request.path);
  if (kind === 's') return { what: 'special', facts };
  if (kind === 'd') {
    const truncated = body.length > request.maxBytes;
    const separator = head.charAt(1) === 'n' ? '\0' : token;
    const { entries, unreadable } = parseListing(body, separator, request.depth, !truncated, denied);
    return { what: 'directory', facts, entries, truncated, unreadable };
  }
  if (failed && body.length === 0) throw unreadable(request.path);
  return fileOutcome(body, facts, request);
}

/** The wanted lines of a body that holds up to one line and one byte more than wanted. */
function fileOutcome(
  body: Buffer,
  facts: FileFacts,
  { firstLine, lines, maxBytes }: ReadRequest,
): ReadOutcome {
  const rangeBytes = lines === undefined ? body.length : endOfLine(body, lines);
  const truncated = rangeBytes > maxBytes;
  return {
    what: 'file',
    facts,
    content: body.subarray(0, Math.min(rangeBytes, maxBytes)),
    truncated,
    reachedEnd: !truncated && rangeBytes === body.length,
    firstLine: firstLine < 0 ? undefined : Math.max(1, firstLine),
  };
}

/** Where the `count`th line ends, or the end of `body`. */
function endOfLine(body: Buffer, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line += 1) {
    const at = body.indexOf(0x0a, end);
    if (at < 0) return body.length;
    end = at + 1;
  }
  return end;
}

function refusal(reason: string, path: string): ScoutError {
  if (isReason(reason)) return pathError(reason, path);
  if (reason === 'D') return pathDenied(path);
  if (reason === 'T') return pathTrapped(path);
  return new ScoutError(
    'not_available',
    `the machine has no find that could list ${showPath(path)}`,
    'Install findutils or BusyBox there, or read single files by their paths.',
  );
}

/** The error for a file that was opened and then gave nothing. */
export function unreadable(path: string): ScoutError {
  return new ScoutError(
    'unsupported_file',
    `${showPath(path)} is there, but its content cannot be read`,
    'The kernel refuses it or the storage fails; read another file, or look at the system log.',
  );
}
