import { spawnSync } from 'node:child_process';

export function makeFifo(path: string): void {
  const { status, stderr } = spawnSync('mkfifo', [path]);
  if (status !== 0) throw new Error(String(stderr));
}
