import { expect, test } from 'vitest';
import { startSshd } from '../../fixtures/sshd.ts';
import { queryText, scoutWith } from '../pool/query.ts';

test('a server that drops connections while others log in is tried again', async () => {
  // drops as MaxStartups does, whose last value would be the fixture's
  const sshd = await startSshd({ config: ['PerSourceMaxStartups 1'] });
  const names = Array.from({ length: 4 }, (_, n) => `host${n}`);
  const blocks = names.map((name, n) => sshd.configFor(name, { ServerAliveInterval: String(100 + n) }));
  const scout = scoutWith(sshd.writeConfig(...blocks));
  const answers = await Promise.all(names.map((name) => queryText(scout, name, `echo ${name}`)));
  expect(answers).toEqual(names.map((name) => `${name}\n`));
  expect(sshd.log()).toContain('drop connection');
  await sshd.stop();
});
