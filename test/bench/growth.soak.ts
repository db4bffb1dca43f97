import { afterAll, beforeAll, expect, test } from 'vitest';
import { residentBytes } from '../../bench/process-cost.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';

const settledAfter = 10_000;
const calls = 100_000;
const atOnce = 8;

let user: TestUser;
let sshd: Sshd;
beforeAll(async () => {
  user = await makeUser({ shell: 'dash', files: { '1k': 'sixteen letters\n'.repeat(64) } });
  sshd = await startSshd({ user: user.name });
});
afterAll(() => sshd.stop().then(() => user.remove()));

test('after 100,000 calls the server is no larger than a tenth above its size after 10,000', async () => {
  const server = await startServer(sshd.writeConfig('web1'), { SCOUT_RATE_LIMIT_PER_MINUTE: '0' });
  try {
    await call(server, settledAfter);
    const settled = await size(server);
    await call(server, calls - settledAfter);
    const grown = await size(server);
    console.log(`${Math.round(settled / 1024 ** 2)} MiB, then ${Math.round(grown / 1024 ** 2)} MiB`);
    expect(grown).toBeLessThan(settled * 1.1);
  } finally {
    await server.stop();
  }
});

/** Commands and reads in turn, some at a time, each of which must succeed. */
async function call(server: RunningServer, count: number): Promise<void> {
  let made = 0;
  const caller = async () => {
    while (made < count) {
      made += 1;
      const { isError, content } =
        made % 2 === 0
          ? await server.callTool('scout_query', { hosts: 'web1', command: 'true' })
          : await server.callTool('scout_read', { targets: ['web1:1k'] });
      if (isError) throw new Error(content[0].text);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

/** The least of some looks: garbage that is about to be collected is no growth. */
async function size({ child }: RunningServer): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 20; look += 1) {
    looks.push(residentBytes(child.pid ?? 0));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Math.min(...looks);
}
