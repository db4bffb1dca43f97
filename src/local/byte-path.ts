/**
 * Paths and names as the file system has them: strings whose every character is one byte (latin1), so that invalid
 * UTF-8 survives and pieces can be compared and joined.
 */
export type BytePath = string;

export function fromBytes(bytes: Uint8Array): BytePath {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function fromText(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** As the list of denied paths and people read it; a byte that is no UTF-8 becomes U+FFFD. */
export function toText(path: BytePath): string {
  return toBytes(path).toString('utf8');
}

/** The names of a path; empty ones and `.` are none. */
export function namesOf(path: BytePath): readonly BytePath[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Whether a path is a directory or something below it; both absolute and clean. */
export function isBelow(path: BytePath, directory: BytePath): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

export function joinPath(directory: BytePath, name: BytePath): BytePath {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}
