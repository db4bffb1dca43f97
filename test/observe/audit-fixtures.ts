import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../../src/observe/audit-log.ts';
import type { LogFacts, LogLevel } from '../../src/observe/log.ts';
import { verifyAudit } from '../../src/observe/verify-audit.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever was written
export type Line = Record<string, any>;

/** A log in a directory of its own, with what it says on stderr. */
export function makeLog() {
  const directory = mkdtempSync(join(tmpdir(), 'scout-audit-'));
  const file = join(directory, 'audit.jsonl');
  const said: { level: LogLevel; message: string; facts: LogFacts }[] = [];
  const openLog = () =>
    new AuditLog(file, (level, message, facts = {}) => said.push({ level, message, facts }));
  const log = openLog();
  return {
    directory,
    file,
    log,
    openLog,
    said,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A call that looks at one host. */
export function oneCall(log: AuditLog, command = 'ls'): void {
  const call = log.begin('call-1', { tool: 'scout_query', arguments: { hosts: 'web1', command } });
  call.onHost('web1', { command, cwd: '' }).end({ outcome: 'ok', exitCode: 0, bytes: 7 });
  call.end({ outcome: 'ok', bytes: 9 });
}

export function linesOf(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The verdict over texts that stand for files, oldest first. */
export async function verdictOf(texts: readonly (string | Buffer)[], heads: readonly string[] = []) {
  return await verifyAudit(
    texts.map((text, index) => ({ name: `file${index}`, chunks: chunksOf(Buffer.from(text)) })),
    heads,
  );
}

/** Small chunks of uneven size, so that lines are cut anywhere. */
async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0, size = 100; at < bytes.length; at += size, size = 100 + ((size * 7) % 9_000))
    yield bytes.subarray(at, at + size);
}
