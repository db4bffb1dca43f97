import type { FileKind } from '../../ssh/files.ts';

/** What copying a file needs to know of it. */
export interface BeamFacts {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Permission bits with set-id and sticky (07777). */
  readonly mode: number;
  /** Milliseconds since 1970; a side may know whole seconds only. */
  readonly mtimeMs: number;
}

/** One name in a directory, as it stands there. */
export interface SideEntry {
  readonly name: string;
  readonly facts: BeamFacts | undefined;
  /** SCOUT_DENY_PATHS keeps it. */
  readonly isDenied: boolean;
  /** No request can name it: it is not UTF-8. */
  readonly isUnnameable: boolean;
  readonly linkTarget?: string;
}

/** A hash in the making, from the beginning of a file, that goes with its copy. */
export interface Following {
  /** SHA-256 of the first bytes in hexadecimal, in the end; undefined where it could not be made after all. */
  digest(bytes: number): Promise<string | undefined>;
}

/** An open regular file. */
export interface OpenSource {
  readonly facts: BeamFacts;
  /** Front to back, early at an end where the file is. A chunk is valid until the next one is asked for. */
  read(from: number, to: number): AsyncIterable<Buffer>;
  /** SHA-256 of the first bytes, made where the file is; undefined where it must be read for that. */
  digest(bytes: number): Promise<string | undefined>;
  /** Begin to hash the whole file while it is read; undefined where nothing but the reader can. */
  follow(): Promise<Following | undefined>;
  factsNow(): Promise<BeamFacts>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** A file in the making: a hidden part beside its target. One of `commit`, `keep` and `discard` ends it. */
export interface OpenTarget extends Pick<OpenSource, 'read' | 'digest'> {
  /** What the part already holds of an earlier try, unverified. */
  readonly partBytes: number;
  readonly partShown: string;
  /** Begin to hash what is written, as far as it is; undefined where that must wait until all `bytes` are there. */
  follow(bytes: number): Following | undefined;
  /** Resolves when there is room for more. A chunk of a file of this machine may be used again then. */
  write(chunk: Buffer, position: number): Promise<void>;
  /** Resolves when all is written. */
  settle(): Promise<void>;
  /** Begin to have what is written put to the disk, so that `commit` waits less for it. */
  flush(): void;
  truncate(bytes: number): Promise<void>;
  /** Have the machine copy by itself, where it can: bytes, step by step. */
  pull(source: OpenSource, from: number, to: number): AsyncIterable<number> | undefined;
  /** Without `sync` it may not be on the disk yet. */
  commit(facts: { readonly mode: number; readonly mtimeMs: number; readonly sync: boolean }): Promise<void>;
  /** False where the part holds nothing and was removed. Never rejects. */
  keep(): Promise<boolean>;
  discard(): Promise<void>;
}

export interface NewTarget {
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Tells the source from every other; its hash names the part. */
  readonly sourceId: string;
  readonly sizeBytes: number;
  /** Its directory was made by this very copy. */
  readonly isFresh: boolean;
}

/** One end of a copy: what a person named, and what is below it; `names` lead down from there. */
export interface Side {
  /** Which file it is, whatever it was called. */
  real(): Promise<string>;
  /** What is there, links followed; undefined where nothing is. */
  look(names: readonly string[]): Promise<BeamFacts | undefined>;
  list(names: readonly string[], maxEntries: number): Promise<readonly SideEntry[]>;
  openSource(names: readonly string[], options: { readonly follow: boolean }): Promise<OpenSource>;
  /** Refuses before a byte moves. */
  createTarget(names: readonly string[], options: NewTarget): Promise<OpenTarget>;
  makeDirectory(names: readonly string[]): Promise<'made' | 'found'>;
  finishDirectory(
    names: readonly string[],
    facts: { readonly mode: number; readonly mtimeMs: number },
  ): Promise<void>;
  makeLink(names: readonly string[], target: string, options: { readonly overwrite: boolean }): Promise<void>;
}
