/** How files of a kind begin, as hexadecimal digits, from their published formats. */
const signatures: readonly (readonly [begin: RegExp, type: string])[] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^47494638(37|39)61.{12}00/, 'image/gif'], // with the aspect ratio, which nobody sets: text has no zero byte
  [/^52494646........57454250/, 'image/webp'],
  [/^7f454c46/, 'ELF program'],
  [/^1f8b/, 'gzip'],
  [/^fd377a585a00/, 'xz'],
  [/^28b52ffd/, 'zstd'],
  [/^425a683.314159265359/, 'bzip2'],
  [/^504b0304/, 'zip'],
  [/^255044462d/, 'PDF'],
  [/^53514c69746520666f726d6174203300/, 'SQLite database'],
  [/^cafebabe/, 'Java class'],
];

/** A file that begins with another byte is of none of these kinds, as text mostly is. */
const firstBytes: ReadonlySet<number | undefined> = new Set(
  signatures.map(([begin]) => Number.parseInt(begin.source.slice(1, 3), 16)),
);

/** What the first bytes say: a type for binary content, undefined for what can be shown as text. */
export function binaryType(content: Uint8Array): string | undefined {
  const head = content.subarray(0, 8_192);
  return signatureType(head) ?? (head.includes(0) ? 'binary data' : undefined);
}

function signatureType(head: Uint8Array): string | undefined {
  if (!firstBytes.has(head[0])) return undefined;
  const hex = Buffer.from(head.subarray(0, 32)).toString('hex');
  return signatures.find(([begin]) => begin.test(hex))?.[1];
}

/** The types that MCP clients show as images. */
export function isImage(type: string): boolean {
  return type.startsWith('image/');
}
