/**
 * One word of POSIX shell (XCU 2.2.2, single quotes), whatever `text` holds. The only way in this program to
 * put text into a shell command; `policy` prints with it, `ssh/shell` sends with it, nobody else imports it.
 * A NUL cannot be part of a word in any shell: the caller has refused it before.
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new Error('a NUL cannot be quoted');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
