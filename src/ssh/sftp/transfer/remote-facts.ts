import type { Stats } from 'ssh2';
import type { FileKind } from '../../files.ts';
import { fileFacts } from '../file-facts.ts';

/** What moving a file needs to know of it. */
export interface RemoteFacts {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Permission bits with set-id and sticky (07777). */
  readonly mode: number;
  /** Milliseconds since 1970, whole seconds: SFTP version 3 has no finer ones. */
  readonly mtimeMs: number;
}

/** Undefined where the server does not tell the kind. */
export function remoteFacts(attributes: Stats): RemoteFacts | undefined {
  const facts = fileFacts(attributes);
  return (
    facts && { kind: facts.kind, sizeBytes: facts.sizeBytes, mode: facts.mode, mtimeMs: facts.modifiedMs }
  );
}
