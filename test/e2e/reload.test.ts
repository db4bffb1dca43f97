import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServerHere, serveHere } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';

let first: Sshd;
let second: Sshd;
let inner: Sshd;
let config: string;
let included: string;
let server: ServerHere;

beforeAll(async () => {
  [first, second, inner] = await Promise.all([startSshd(), startSshd(), startSshd()]);
  config = join(first.directory, 'config');
  included = join(first.directory, 'included');
});
afterAll(() => Promise.all([first.stop(), second.stop(), inner.stop()]));
beforeEach(async () => {
  write(config, `Include ${included}`, first.configFor('kept', { ServerAliveInterval: '77' }));
  write(included, first.configFor('web1'));
  server = await serveHere(config);
});
afterEach(() => server.stop());

function write(file: string, ...blocks: string[]): void {
  writeFileSync(file, `${blocks.join('\n')}\n`);
}

async function echo(host: string): Promise<void> {
  const { structuredContent } = await server.callTool('scout_query', { hosts: host, command: 'echo in' });
  expect(structuredContent.results).toMatchObject([{ stdout: 'in\n' }]);
}

async function aliases(): Promise<string[]> {
  const { structuredContent } = await server.callTool('scout_hosts', {});
  return structuredContent.results[0].hosts.map(({ host }: { host: string }) => host);
}

/** Connections that each sshd accepted while `work` ran. */
async function connections(work: () => Promise<void>): Promise<number[]> {
  const counts = () => [first, second, inner].map((sshd) => sshd.connectionCount());
  const before = counts();
  await work();
  return counts().map((count, index) => count - (before[index] ?? 0));
}

const listChanged = () =>
  server.others.filter(({ method }) => method === 'notifications/resources/list_changed').length;

describe('a change of the ssh configuration', () => {
  it('is seen by the next call and told to the client', async () => {
    expect(await aliases()).toEqual(['web1', 'kept']);
    write(config, first.configFor('kept'), second.configFor('db1'));
    expect(await aliases()).toEqual(['kept', 'db1']);
    expect(listChanged()).toBe(1);
    expect(await connections(() => echo('db1'))).toEqual([0, 1, 0]);
  });

  it('in an included file is told without a call, and only once', async () => {
    expect(await aliases()).toEqual(['web1', 'kept']);
    write(included, first.configFor('web2'));
    await until(() => listChanged() > 0, 5_000);
    expect(await aliases()).toEqual(['web2', 'kept']);
    expect(listChanged()).toBe(1);
  });

  it('is told to a client that has asked for no host yet', async () => {
    write(config, second.configFor('db1'));
    await until(() => listChanged() === 1, 5_000);
    write(config, second.configFor('db2'));
    await until(() => listChanged() === 2, 5_000);
    expect(await aliases()).toEqual(['db2']);
  });

  it('that says nothing new is not told', async () => {
    await aliases();
    write(included, first.configFor('web1'));
    expect(await aliases()).toEqual(['web1', 'kept']);
    expect(listChanged()).toBe(0);
  });

  it('in the middle of which a file is broken fails the calls with the line, until it is mended', async () => {
    await echo('web1');
    write(included, 'Host web1\n  Port many');
    const { content } = await server.callTool('scout_query', { hosts: 'web1', command: 'true' });
    expect(content[0].text).toContain(`${included}:2`);
    write(included, second.configFor('web1'));
    expect(await connections(() => echo('web1'))).toEqual([0, 1, 0]);
  });
});

describe('after a change of the ssh configuration', () => {
  it('the connection to a host that it concerns is not reused, that to any other is', async () => {
    await echo('web1');
    await echo('kept');
    write(included, second.configFor('web1'));
    const made = await connections(async () => {
      await echo('web1');
      await echo('kept');
    });
    expect(made).toEqual([0, 1, 0]);
  });

  it('another identity is a new login to the same host', async () => {
    await echo('web1');
    write(included, first.configFor('web1', { IdentityFile: first.keys.ecdsa }));
    expect(await connections(() => echo('web1'))).toEqual([1, 0, 0]);
    expect(first.log()).toMatch(/Accepted publickey .* ECDSA/);
  });

  it('a host is reached by its new jump where only the settings of the jump changed', async () => {
    const behind = inner.configFor('db1', { ProxyJump: 'gate' });
    write(included, first.configFor('gate'), behind);
    expect(await connections(() => echo('db1'))).toEqual([1, 0, 1]);
    expect(await connections(() => echo('db1'))).toEqual([0, 0, 0]);
    write(included, second.configFor('gate'), behind);
    expect(await connections(() => echo('db1'))).toEqual([0, 1, 1]);
  });

  it('a host is reached anew where the jump of its jump changed', async () => {
    const way = [
      first.configFor('middle', { ProxyJump: 'outer' }),
      inner.configFor('db1', { ProxyJump: 'middle' }),
    ];
    write(included, first.configFor('outer', { ServerAliveInterval: '99' }), ...way);
    expect(await connections(() => echo('db1'))).toEqual([2, 0, 1]);
    write(included, second.configFor('outer'), ...way);
    expect(await connections(() => echo('db1'))).toEqual([1, 1, 1]);
  });
});
