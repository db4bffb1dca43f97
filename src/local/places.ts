import type { FileHandle } from 'node:fs/promises';
import type { DenyPaths } from '../deny-paths.ts';
import type { FileKind } from '../ssh/files.ts';

/**
 * A place on this machine that a call asked for. It is text that passed the check of the roots, no more: every
 * method of `LocalArea` walks to it again, from the root's open descriptor, and follows no link that leads out.
 */
export interface LocalPath {
  /** Absolute, without `.`, `..` or doubled slashes. Raw bytes, for a name may hold anything but `/` and NUL. */
  readonly bytes: Uint8Array;
}

export interface LocalFacts {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Permission bits with set-id and sticky (07777). */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** An open regular file below a root. */
export interface LocalSource {
  readonly facts: LocalFacts;
  /** For reads at a position. Never written to. */
  readonly handle: FileHandle;
  /** Whether the file still has the size and times that it had when it was opened. */
  isUnchanged(): Promise<boolean>;
  close(): Promise<void>;
}

/** One name in a directory, as it stands there: a link is a link. */
export interface LocalEntry {
  readonly name: Uint8Array;
  readonly facts: LocalFacts;
  /** SCOUT_DENY_PATHS or the server itself keeps it: to be named and skipped. */
  readonly isDenied: boolean;
  /** Of a symbolic link: what is written in it. */
  readonly linkTarget?: Uint8Array;
  /** Of a symbolic link: following it leads out of the roots, or to what is denied. */
  readonly leadsOut?: boolean;
}

export interface TargetOptions {
  /** Replace what is there. A symbolic link is itself replaced, never written through. */
  readonly overwrite: boolean;
  /** Go on with what an earlier part for the same source holds. */
  readonly resume: boolean;
  /** Tells one version of one source from every other (host, path, size, time); its hash names the part. */
  readonly sourceId: string;
}

export interface CommitFacts {
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /**
   * False leaves the disk its time, as for one of many new small files: a copy that is whole for every process is
   * not yet proof against a power cut. True where it is not given.
   */
  readonly sync?: boolean;
}

/**
 * A file in the making: `part`, a hidden file beside the target (mode 0600), `.NAME.HASH.scout-part`. Exactly one of
 * `commit`, `keep` and `discard` ends it, and closes `part`.
 */
export interface LocalTarget {
  /** Open for reads and writes at a position. */
  readonly part: FileHandle;
  /** What the part already holds of an earlier try, unverified; 0 without `resume`. Shorten it by `part.truncate`. */
  readonly partBytes: number;
  /** The part's name, without its directory. */
  readonly partName: Uint8Array;
  /**
   * Give the part its mode (0777 of it; set-id bits are dropped) and time, sync it to the disk, and put it in the target's
   * place by one rename or link. Throws `exists` where something stands there now and `overwrite` is off,
   * `transfer_failed`, `permission_denied`; the part then stays, and `keep` or `discard` is still to be called.
   */
  commit(facts: CommitFacts): Promise<void>;
  /** Leave the part for resume. False where it holds nothing and was removed instead. Never rejects. */
  keep(): Promise<boolean>;
  /** Remove the part. Never rejects. */
  discard(): Promise<void>;
}

/**
 * The local files that one call may touch. Every method throws ScoutError: `beam_outside_roots` for whatever is not
 * below a root, the same whether it exists or not; `path_denied`; `path_not_found`; `not_a_directory`;
 * `unsupported_file` for devices, FIFOs and sockets, which are never opened; `exists`; `permission_denied`;
 * `transfer_failed` (disk full, quota, input/output error); or the signal's reason.
 */
export interface LocalArea {
  /**
   * The place that a person or a model wrote: absolute, `~/…`, or, where there is exactly one root, relative to it.
   * No `..`, no NUL. Opens nothing, so that it tells nothing of what lies outside.
   */
  resolve(text: string): LocalPath;
  /** A name in a directory; throws `invalid_argument` for one that is none (empty, `.`, `..`, with `/` or NUL). */
  child(directory: LocalPath, name: Uint8Array): LocalPath;
  /** What is there, links followed as far as they stay inside; undefined where nothing is. */
  look(path: LocalPath, signal: AbortSignal): Promise<LocalFacts | undefined>;
  /** `follow`: a link at the path itself may be followed (what a person named); else it is `unsupported_file`. */
  openSource(
    path: LocalPath,
    options: { readonly follow: boolean },
    signal: AbortSignal,
  ): Promise<LocalSource>;
  /** The names in a directory, in byte order. Throws `output_limit` above `maxEntries`. */
  list(directory: LocalPath, maxEntries: number, signal: AbortSignal): Promise<readonly LocalEntry[]>;
  /** Refuses before a byte moves: what exists (without `overwrite`), directories and special files always. */
  createTarget(path: LocalPath, options: TargetOptions, signal: AbortSignal): Promise<LocalTarget>;
  /** Make a directory (mode 0700 until `finishDirectory`), or find that it is there already. Its parent must be. */
  makeDirectory(path: LocalPath, signal: AbortSignal): Promise<'made' | 'found'>;
  /** Mode (0777 of it) and time of a directory, once everything in it is there. */
  finishDirectory(
    path: LocalPath,
    facts: { readonly mode: number; readonly mtimeMs: number },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Make a symbolic link. Throws `beam_outside_roots` for a target that leads out, absolute or by `..`, and for `..`
   * behind a name, of which nobody can say where it leads.
   */
  makeLink(
    path: LocalPath,
    target: Uint8Array,
    options: { readonly overwrite: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  /** Give back the descriptors of directories. Sources and targets close their own. */
  close(): Promise<void>;
}

export interface LocalOptions {
  /** SCOUT_BEAM_ROOTS; undefined: what the client says at each call. */
  readonly roots: readonly string[] | undefined;
  /** The client's MCP roots (file URIs), asked at each call. Never rejects. */
  readonly clientRoots?: ((signal: AbortSignal) => Promise<readonly string[]>) | undefined;
  readonly denied: DenyPaths;
  /** Files and directories (with all below) that belong to this server: never read, never written. */
  readonly own: readonly string[];
  readonly homeDir: string;
}

/** Which local files may be touched. */
export interface LocalPlaces {
  /**
   * Find the roots of one call. Throws `beam_outside_roots` where there is none. The caller closes the area.
   */
  enter(signal: AbortSignal): Promise<LocalArea>;
}
