import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { formatAudit } from '../format/format-audit.ts';
import { verifyAudit } from '../observe/verify-audit.ts';
import { exitCodes } from './exit-codes.ts';

export interface AuditOptions {
  readonly head?: readonly string[];
  readonly json?: boolean;
}

/** `scout-mcp audit verify FILE… [--head HASH]… [--json]`; the file `-` is stdin. */
export async function runAuditVerify(files: readonly string[], options: AuditOptions): Promise<void> {
  const heads = (options.head ?? []).map((head) => head.toLowerCase());
  const wrong = heads.find((head) => !/^[0-9a-f]{64}$/.test(head));
  if (wrong !== undefined) {
    process.stderr.write(
      `scout-mcp audit: --head ${JSON.stringify(wrong.slice(0, 80))} is not a SHA-256 hash (64 hexadecimal digits)\n`,
    );
    process.exitCode = exitCodes.wrongUsage;
    return;
  }
  try {
    const report = await verifyAudit(
      files.map((name) => ({ name, chunks: name === '-' ? process.stdin : chunksOf(name) })),
      heads,
    );
    process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : formatAudit(report)}\n`);
    if (!report.whole) process.exitCode = exitCodes.failed;
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown)) throw thrown;
    process.stderr.write(`scout-mcp audit: ${thrown.message}\n`);
    process.exitCode = exitCodes.failed;
  }
}

/** Bytes of a regular file: a FIFO would be waited for, and a device may never end. */
async function* chunksOf(name: string): AsyncGenerator<Buffer> {
  const file = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) {
      throw Object.assign(new Error(`${JSON.stringify(name)} is not a regular file; - reads stdin`), {
        code: 'EINVAL',
      });
    }
    yield* file.createReadStream({ highWaterMark: 256 * 1024, autoClose: false });
  } finally {
    await file.close();
  }
}
