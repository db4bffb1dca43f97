import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../fixtures/server.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';

let user: TestUser;
let sshd: Sshd;
beforeAll(async () => {
  user = await makeUser({ shell: 'dash' });
  sshd = await startSshd({ user: user.name });
});
afterAll(() => sshd.stop().then(() => user.remove()));

/** An ssh_config with so many aliases of the one sshd, none of which shares a connection with another. */
function configOf(count: number): string {
  const aliases = Array.from({ length: count }, (_, index) =>
    sshd.configFor(`h${index + 1}`, { ServerAliveInterval: String(600 + index) }),
  );
  return sshd.writeConfig(...aliases);
}

const unlimited = { SCOUT_RATE_LIMIT_PER_MINUTE: '0' };

test('while a hundred hosts are called from cold, the main loop is late by less than 100 ms (p99)', async () => {
  const lateness = join(sshd.directory, 'lateness');
  const hook = join(sshd.directory, 'lateness.mjs');
  writeFileSync(
    hook,
    `import { monitorEventLoopDelay } from 'node:perf_hooks';
     import { readFileSync, writeFileSync } from 'node:fs';
     const delay = monitorEventLoopDelay({ resolution: 5 });
     delay.enable();
     process.on('exit', () => writeFileSync(${JSON.stringify(lateness)}, String(delay.percentile(99) / 1e6)));`,
  );
  const env = { ...unlimited, NODE_OPTIONS: `--import=${hook}` };
  const server = await startServer(configOf(100), env);
  const answer = await server.callTool('scout_query', { hosts: 'h*', command: 'true' });
  const { results } = answer.structuredContent;
  // equal outcomes are one result
  expect(results.flatMap(({ hosts }: { hosts: readonly string[] }) => hosts)).toHaveLength(100);
  expect(results[0]).toMatchObject({ exit_code: 0 });
  await server.stop();
  const p99Ms = Number(readFileSync(lateness, 'utf8'));
  console.log(`late by ${p99Ms.toFixed(1)} ms`);
  expect(p99Ms).toBeGreaterThan(0);
  expect(p99Ms).toBeLessThan(100);
});

test('five hundred calls in flight are all answered', async () => {
  const server = await startServer(configOf(1), unlimited);
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, n) =>
      server.callTool('scout_query', { hosts: 'h1', command: `echo ${n}` }),
    ),
  );
  for (const [n, { structuredContent }] of answers.entries()) {
    expect(structuredContent.results[0].stdout).toBe(`${n}\n`);
  }
  await server.stop();
});

test('with a thousand hosts configured a call is no slower than with one', async () => {
  const [many, one] = [
    await startServer(configOf(1_000), unlimited),
    await startServer(configOf(1), unlimited),
  ];
  const times = new Map([many, one].map((server) => [server, [] as number[]]));
  for (let round = 0; round < 60; round += 1) {
    for (const server of [many, one]) {
      const startedMs = performance.now();
      await server.callTool('scout_query', { hosts: 'h1', command: 'true' });
      if (round >= 20) times.get(server)?.push(performance.now() - startedMs);
    }
  }
  const middle = (server: typeof one) => times.get(server)?.sort((a, b) => a - b)[20] ?? 0;
  console.log(`${middle(many).toFixed(2)} ms and ${middle(one).toFixed(2)} ms`);
  expect(middle(many)).toBeLessThan(middle(one) * 1.5);
  await Promise.all([many.stop(), one.stop()]);
});
