/** The first bytes as `hexdump -C` shows them. */
export function hexHead(content: Uint8Array, bytes = 128): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes, content.length); at += 16) {
    const row = Buffer.from(content.subarray(at, at + 16));
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const shown = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  |${shown}|`);
  }
  return lines.join('\n');
}
