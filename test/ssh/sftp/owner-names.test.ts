import { expect, test } from 'vitest';
import { OwnerNames } from '../../../src/ssh/sftp/owner-names.ts';

test('names are found behind whatever else a machine has in its /etc/passwd, in the time it takes to read that', async () => {
  const passwd = `${'\r'.repeat(200_000)}\nnobody\r\n:x:7:\nweb:x:1000:1000::/home/web:/bin/sh\n`;
  const facts = { ownerId: 1000, groupId: 7, owner: '1000', group: '7' };
  const startedMs = performance.now();
  const outcome = await new OwnerNames().fillIn({ what: 'other', facts } as never, async () => {
    return { what: 'file', content: Buffer.from(passwd) } as never;
  });
  expect(outcome.facts).toMatchObject({ owner: 'web', group: '7' });
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});
