import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServer } from '../fixtures/server.ts';
import { startSshd } from '../fixtures/sshd.ts';

it('stays under 200 MiB while a host prints without end, and the answer keeps head and tail', async () => {
  const sshd = await startSshd();
  const fifo = join(sshd.directory, 'fifo');
  spawnSync('mkfifo', ['-m', '666', fifo]);
  const printer = spawn('sh', ['-c', `exec yes 'line without end' >${fifo}`], { stdio: 'ignore' });
  const server = await startServer(sshd.writeConfig('web1'));
  let mostKiB = 0;
  const watch = setInterval(() => {
    const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    mostKiB = Math.max(mostKiB, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]));
  }, 20);
  try {
    const { content, structuredContent } = await server.callTool('scout_query', {
      hosts: 'web1',
      command: `cat ${fifo}`,
    });
    const [result] = structuredContent.results;
    expect(result.error.code).toBe('output_limit');
    expect(result.stdout).toMatch(/^line without end\n/);
    expect(result.stdout_tail).toMatch(/line without end/);
    expect(result.stdout_hidden_bytes).toBeGreaterThan(1024 ** 2);
    expect(content[0].text).toContain(`read on with the target "${result.stdout_rest}"`);
    const next = await server.callTool('scout_read', { targets: [result.stdout_rest] });
    expect(next.structuredContent.results[0].text).toMatch(/line without end/);
  } finally {
    clearInterval(watch);
    printer.kill('SIGKILL');
    await server.stop();
    await sshd.stop();
  }
  expect(mostKiB / 1024).toBeLessThan(200);
});
