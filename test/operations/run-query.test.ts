import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { makeStandIns } from '../fixtures/stand-ins.ts';

const programs = makeStandIns();
const line = '{"COREDUMP_ENVIRON":"COLOUR=green"}';
let sshd: Sshd;
let scout: TestScout;

beforeAll(async () => {
  programs.install('journalctl', `echo '${line}'`);
  sshd = await startSshd({ wrapper: programs.wrapper });
  scout = makeScout(sshd.writeConfig('web1'));
});
afterAll(async () => {
  await scout.close();
  await sshd.stop();
  programs.remove();
});

async function printed(command: string): Promise<string> {
  return (await scout.call('scout_query', { hosts: 'web1', command })).text;
}

it('masks what a command prints of the environment of others, and nothing of the next command', async () => {
  const masked = await printed('journalctl -o json -n 1');
  expect(masked).toContain('{"COREDUMP_ENVIRON":"[redacted:environment]"}');
  expect(masked).not.toContain('green');
  expect(await printed('journalctl -n 1')).toContain(line);
});
