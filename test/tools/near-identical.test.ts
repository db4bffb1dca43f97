import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ManyHomes, startManyHomes } from '../fixtures/many-homes.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { resultOf, resultsOf } from './structured.ts';

let hosts: ManyHomes;
let hole: Server;
let scout: TestScout;

const listing = Array.from({ length: 200 }, (_, index) => `package-${index} 1.0.${index}\n`).join('');
const other = listing.replace('package-100 1.0.100\n', 'package-100 1.0.101\n');

beforeAll(async () => {
  hosts = await startManyHomes(4);
  hole = createServer(() => {});
  await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
  const address = hole.address();
  scout = makeScout(
    hosts.sshd.writeConfig(
      ...[1, 2, 3, 4].map((number) => hosts.configFor(`web${number}`, number)),
      hosts.sshd.configFor('dead', { Port: '1' }),
      hosts.sshd.configFor('hole', { Port: typeof address === 'object' ? String(address?.port) : '' }),
    ),
    { SCOUT_SSH_CONNECT_TIMEOUT: '1' },
  );
  write('packages', { 0: listing, 1: other });
  write('apart', { 0: listing, 1: listing.replaceAll('package', 'parcel') });
  write('small', { 0: 'a\nb\n', 1: 'a\nc\n' });
  write('secret', { 0: `${listing}AKIA${'A'.repeat(16)}\n`, 1: `${listing}AKIA${'B'.repeat(16)}\n` });
});

afterAll(async () => {
  await scout.close();
  hole.close();
  await hosts.stop();
});

function write(name: string, contents: Readonly<Record<number, string>>): void {
  for (const number of [1, 2, 3, 4])
    writeFileSync(join(hosts.home(number), name), contents[number] ?? contents[0] ?? '');
}

const cat = (name: string, names = 'web*') =>
  scout.call('scout_query', { hosts: names, command: `cat ${name}` });

it('an output that differs in a line from that of most hosts is said by that line, and kept whole', async () => {
  const answer = await cat('packages');
  expect(answer.text.length).toBeLessThan(listing.length * 1.2);
  const [most, deviating] = resultsOf('scout_query', answer);
  expect(most).toMatchObject({ hosts: ['web2', 'web3', 'web4'], stdout: listing });
  expect(deviating).toMatchObject({
    hosts: ['web1'],
    diff_against: 'web2',
    stdout_diff: [
      '@@ -100,3 +100,3 @@',
      ' package-99 1.0.99',
      '-package-100 1.0.100',
      '+package-100 1.0.101',
      ' package-101 1.0.101',
      '',
    ].join('\n'),
  });
  expect(deviating).not.toHaveProperty('stdout');
  expect(answer.text).toContain(' stdout, as of web2 but for this diff\n@@ -100,3');
  const whole = await scout.call('scout_read', { targets: [deviating?.stdout_whole] });
  expect(answer.text).toContain(`[all of it: "${deviating?.stdout_whole}"]`);
  expect(resultOf('scout_read', whole).text).toBe(other);
});

it('a file is, too', async () => {
  const answer = await scout.call('scout_read', { targets: ['web*:~/packages'] });
  const [most, deviating] = resultsOf('scout_read', answer);
  expect(most).toMatchObject({ hosts: ['web2', 'web3', 'web4'], text: listing });
  expect(deviating).toMatchObject({
    hosts: ['web1'],
    lines: 200,
    diff_against: 'web2',
    text_diff: expect.stringContaining('+package-100 1.0.101\n'),
  });
  expect(answer.structured).toMatchObject({ ok: 4, failed: 0, timed_out: 0, differing: 2 });
  expect(answer.text).toMatch(/^4 hosts: 4 read, 0 failed, 2 different outcomes\n\nweb2, web3, web4/);
});

it('a short output, or one that is quite another, is shown as it is', async () => {
  for (const name of ['small', 'apart']) {
    const results = resultsOf('scout_query', await cat(name));
    expect(results.map(({ hosts: names }) => names)).toEqual([['web1'], ['web2', 'web3', 'web4']]);
    for (const result of results) expect(result).toHaveProperty('stdout');
  }
});

it('where only secrets differ, that is said', async () => {
  const answer = await cat('secret');
  const [, deviating] = resultsOf('scout_query', answer);
  expect(deviating?.stdout_diff).toMatch(/^\(no line differs: only what is redacted/);
  expect(answer.text).not.toContain('AKIA');
});

it('the line above counts who answered, failed and ran out of time', async () => {
  const answer = await cat('small', '*');
  expect(answer.structured).toMatchObject({ ok: 4, failed: 1, timed_out: 1, differing: 2 });
  expect(answer.text).toMatch(/^6 hosts: 4 answered, 1 failed, 1 timed out, 2 different outcomes\n/);
});
