import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';
import { steadyText } from '../tools/structured.ts';

const caller = { signal: new AbortController().signal };
let sshd: Sshd;
let scout: TestScout;
let file: string;
let user: TestUser;

beforeAll(async () => {
  sshd = await startSshd();
  user = await makeUser({ files: { note: 'at home\n' } });
  scout = makeScout(sshd.writeConfig('web1', 'web2', sshd.configFor('home1', { User: user.name })));
  file = join(sshd.directory, 'a 漢 file');
  writeFileSync(file, 'content\n'.repeat(10_000));
  // from here on both doors answer alike
  for (let round = 0; round < 2; round += 1)
    await scout.call('scout_read', { targets: ['web*:/etc/hostname'] });
});

afterAll(async () => {
  await scout.close();
  await sshd.stop();
  await user.remove();
});

async function textOf(uri: string): Promise<string> {
  const read = await scout.scout.answerer.readResource(uri, caller);
  return 'text' in read ? read.text : steadyText(read.answer).replace(/result:\w{12}/g, 'result:ID');
}

async function twin(tool: string, args: object): Promise<string> {
  return steadyText(await scout.call(tool, args)).replace(/result:\w{12}/g, 'result:ID');
}

describe('a resource is its tool by another door', () => {
  it('hosts://list is scout_hosts', async () => {
    expect(await textOf('hosts://list')).toBe(await twin('scout_hosts', {}));
  });

  it('scout://HOST/PATH is scout_read, percent-encoded', async () => {
    expect(await textOf(`scout://web1${encodeURI(file)}`)).toBe(
      await twin('scout_read', { targets: [`web1:${file}`] }),
    );
    const withoutTmp = (text: string) => text.replace(/^.* tmp\/$/m, ''); // other tests write there
    expect(withoutTmp(await textOf('scout://web1/'))).toBe(
      withoutTmp(await twin('scout_read', { targets: ['web1:/'] })),
    );
    expect(await textOf('scout://web%2A/etc/hostname')).toBe(
      await twin('scout_read', { targets: ['web*:/etc/hostname'] }),
    );
  });

  it('scout://HOST/~/PATH begins at the home directory', async () => {
    expect(await textOf('scout://home1/~/note')).toBe(
      await twin('scout_read', { targets: ['home1:~/note'] }),
    );
    expect(await textOf('scout://home1/~/note')).toContain('at home');
    expect(await textOf('scout://home1/~')).toContain(' note');
  });

  it('scout-mcp://result/ID is the target result:ID', async () => {
    const { structured } = await scout.call('scout_read', { targets: [`web1:${file}`] });
    const [{ text_rest: rest = '' } = {}] = structured.results as { text_rest?: string }[];
    const read = await textOf(`scout-mcp://result/${rest.slice('result:'.length)}`);
    expect(read).toBe(await twin('scout_read', { targets: [rest] }));
    expect(read).toContain('content\n');
  });
});

it('scout-mcp://health says in JSON how this server is', async () => {
  const health = JSON.parse(await textOf('scout-mcp://health'));
  expect(health).toMatchObject({
    status: 'healthy',
    version: expect.stringMatching(/^\d+\./),
    hosts: { count: 3 },
    connections: { open: 2, waiting: 0, capacity: 100 },
    policy: { query: 'readonly', kernel_wall: 'auto' },
    walls: { full: 2, files: 0, none: 0 },
  });
  expect(health.memory_bytes).toBeGreaterThan(1_000_000);
});

it('a configuration that cannot be read makes the server unhealthy, and says why', async () => {
  const broken = makeScout('/nowhere/ssh_config');
  const read = await broken.scout.answerer.readResource('scout-mcp://health', caller);
  expect('text' in read && JSON.parse(read.text)).toMatchObject({
    status: 'unhealthy',
    hosts: { count: 0, error: expect.stringContaining('/nowhere/ssh_config') },
  });
  await broken.close();
});

it('a configuration that ssh refuses makes the server unhealthy, though it names hosts', async () => {
  const refused = makeScout(sshd.writeConfig('web1', 'Host web2\n  Compression perhaps\n'));
  const read = await refused.scout.answerer.readResource('scout-mcp://health', caller);
  expect('text' in read && JSON.parse(read.text)).toMatchObject({
    status: 'unhealthy',
    checks: [{ name: 'config', status: 'unhealthy', detail: expect.stringContaining('web1: ') }, {}, {}, {}],
    hosts: { count: 2 },
  });
  await refused.close();
});

describe('a resource that cannot be read rejects with the error of its tool', () => {
  it.each([
    ['scout://web1/nope', 'path_not_found', 'web1: /nope does not exist'],
    ['scout://other/etc', 'unknown_host', '"other"'],
    ['scout://web1%3A%2Fetc/x', 'unknown_host', '"web1:/etc"'],
    ['scout://result/x', 'unknown_host', '"result"'],
    ['scout://web1/a%00b', 'invalid_target', 'NUL'],
    ['scout://web1/a/%2E%2E/b', 'invalid_target', '`..`'],
    ['scout-mcp://result/000000000000', 'result_expired', 'not kept'],
    ['nothing://here', 'invalid_argument', 'no resource "nothing://here"'],
    ['scout://web1', 'invalid_argument', 'no resource'],
    ['scout://web1/%zz', 'invalid_argument', 'no resource'],
  ])('%s: %s', async (uri, code, message) => {
    await expect(textOf(uri)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('completion', () => {
  it('knows the hosts that begin with what was typed, and asks no machine', async () => {
    const { answerer } = scout.scout;
    const complete = async (template: string, variable: string, prefix: string) =>
      (await answerer.complete({ template }, { variable, prefix, chosen: {} }, caller)).values;
    expect(await complete('scout://{host}/{+path}', 'host', 'we')).toEqual(['web1', 'web2']);
    expect(await complete('scout://{host}/{+path}', 'host', 'x')).toEqual([]);
    expect(await complete('scout://{host}/{+path}', 'path', '')).toEqual([]);
    expect(await complete('other://{host}', 'host', '')).toEqual([]);
  });
});

it('a read counts for the rate limit, and is logged by its name', async () => {
  const slow = makeScout(sshd.writeConfig('web1'), {
    SCOUT_RATE_LIMIT_PER_MINUTE: '1',
    SCOUT_RATE_LIMIT_BURST: '1',
  });
  await slow.scout.answerer.readResource('hosts://list', caller);
  await expect(slow.scout.answerer.readResource('hosts://list', caller)).rejects.toMatchObject({
    code: 'rate_limited',
  });
  expect(slow.log.filter((line) => line.includes('"door":"hosts"'))).toEqual([
    expect.stringMatching(/^debug call .*"bytes":[1-9]/),
    expect.stringMatching(/^debug call .*"code":"rate_limited"/),
  ]);
  await slow.close();
});
