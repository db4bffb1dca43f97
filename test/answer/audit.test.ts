import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Answerer } from '../../src/answer/answerer.ts';
import { ResultStore } from '../../src/answer/kept-results.ts';
import type { Context } from '../../src/context.ts';
import { type Report, type Resource, readOnly, type Tool } from '../../src/define.ts';
import { AuditLog } from '../../src/observe/audit-log.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { type Line, linesOf, verdictOf } from '../observe/audit-fixtures.ts';
import { resultOf } from '../tools/structured.ts';

let sshd: Sshd;
let directory: string;
let file: string;
let scout: TestScout;

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(async () => {
  await sshd.stop();
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-audited-'));
  file = join(directory, 'audit.jsonl');
  scout = scoutWith();
});
afterEach(async () => {
  await scout.close();
  rmSync(directory, { recursive: true, force: true });
});

function scoutWith(settings: Record<string, string> = {}): TestScout {
  const config = sshd.writeConfig('web1', 'web2', 'web3', sshd.configFor('dead', { Port: '1' }));
  return makeScout(config, { SCOUT_AUDIT_LOG: file, ...settings });
}

/** The lines but for the start, short: what happened, to whom, with which outcome. */
function shown(lines = linesOf(file)): string[] {
  return lines
    .filter(({ event }) => event !== 'start')
    .map(({ event, tool, resource, host, command, path, probe, outcome, exit_code }: Line) =>
      [event, tool ?? resource, host, command ?? path ?? probe, outcome, exit_code]
        .filter((part) => part !== undefined)
        .join(' '),
    );
}

async function verified(): Promise<boolean> {
  return (await verdictOf([readFileSync(file)])).whole;
}

const read = (uri: string) =>
  scout.scout.answerer.readResource(uri, { signal: new AbortController().signal });

describe('with SCOUT_AUDIT_LOG', () => {
  it('a command is announced in its canonical form before it runs, and its outcome follows', async () => {
    await scout.call('scout_query', { hosts: 'web1', command: 'grep   -c "x y"  < /dev/null', cwd: '/' });
    expect(shown()).toEqual([
      'intent scout_query',
      "intent scout_query web1 'grep' '-c' '--' 'x y' < '/dev/null'",
      "outcome scout_query web1 'grep' '-c' '--' 'x y' < '/dev/null' ok 1",
      'outcome scout_query ok',
    ]);
    const lines = linesOf(file);
    expect(lines[1]?.arguments).toEqual({ hosts: 'web1', command: 'grep   -c "x y"  < /dev/null', cwd: '/' });
    expect(new Set(lines.slice(1).map(({ call }) => call)).size).toBe(1);
    expect(lines[3]).toMatchObject({ intent: 3, cwd: '/', bytes: 2, duration_ms: expect.any(Number) });
    expect(readFileSync(file, 'utf8')).not.toContain('SCOUT_TEST_SSHD');
    await scout.close();
    expect(await verified()).toBe(true);
    expect(scout.log).toContainEqual(expect.stringMatching(/^info audit log closed .*"head":"[0-9a-f]{64}"/));
  });

  it('the intent of a host is in the file when its command runs, and the outcome is not', async () => {
    // the log is on the machine that is asked
    const answer = await scout.call('scout_query', { hosts: 'web1', command: `cat ${file}` });
    const seen = String(resultOf('scout_query', answer).stdout).trimEnd().split('\n');
    expect(shown(seen.map((line) => JSON.parse(line)))).toEqual([
      'intent scout_query',
      `intent scout_query web1 'cat' '--' '${file}'`,
    ]);
  });

  it('every host of a fan-out has its lines, with what failed', async () => {
    await scout.call('scout_query', { hosts: 'web*,dead', command: 'uname' });
    const lines = shown();
    for (const host of ['web1', 'web2', 'web3']) {
      expect(lines.filter((line) => line.startsWith(`intent scout_query ${host} `))).toHaveLength(1);
      expect(
        lines.filter((line) => line.startsWith(`outcome scout_query ${host} `) && line.endsWith(' ok 0')),
      ).toHaveLength(1);
    }
    expect(lines).toContainEqual(expect.stringMatching(/^outcome scout_query dead .* unreachable$/));
    expect(lines.at(-1)).toBe('outcome scout_query ok');
    expect(lines).toHaveLength(10);
  });

  it('reads leave a line for every path, and no text of the machine', async () => {
    const secret = join(directory, 'remote');
    writeFileSync(secret, 'remote text');
    await scout
      .call('scout_read', { targets: [`web1:${secret}`, 'web1:/nope', 'web*:/etc', 'result:abc'] })
      .catch(() => {});
    await scout.call('scout_read', { targets: [`web1:${secret}`, 'web1:/nope', 'web2:/etc'] });
    await read(`scout://web1${secret}`);
    expect(shown()).toEqual([
      'intent scout_read',
      'outcome scout_read result_expired',
      'intent scout_read',
      `intent scout_read web1 ${secret}`,
      'intent scout_read web1 /nope',
      'intent scout_read web2 /etc',
      ...[
        `outcome scout_read web1 ${secret} ok`,
        'outcome scout_read web1 /nope path_not_found',
        'outcome scout_read web2 /etc ok',
      ].map(() => expect.stringMatching(/^outcome scout_read web[12] .* (ok|path_not_found)$/)),
      'outcome scout_read ok',
      `intent scout://web1${secret}`,
      `intent scout://web1${secret} web1 ${secret}`,
      `outcome scout://web1${secret} web1 ${secret} ok`,
      `outcome scout://web1${secret} ok`,
    ]);
    expect(linesOf(file).filter(({ event, path }) => event === 'outcome' && path === secret)).toMatchObject([
      { bytes: 11 },
      { bytes: 11 },
    ]);
    expect(readFileSync(file, 'utf8')).not.toContain('remote text');
  });

  it('a probe is said, and what asks no host has the lines of its call', async () => {
    await scout.call('scout_hosts', { hosts: 'web1', probe: true });
    await scout.call('scout_hosts', {});
    await read('scout-mcp://health');
    expect(shown()).toEqual([
      'intent scout_hosts',
      'intent scout_hosts web1 true',
      'outcome scout_hosts web1 true ok',
      'outcome scout_hosts ok',
      'intent scout_hosts',
      'outcome scout_hosts ok',
      'intent scout-mcp://health',
      'outcome scout-mcp://health ok',
    ]);
  });

  it('refused calls leave lines too', async () => {
    await scout.close();
    rmSync(file, { force: true });
    scout = scoutWith({ SCOUT_RATE_LIMIT_PER_MINUTE: '1', SCOUT_RATE_LIMIT_BURST: '3' });
    await scout.call('scout_query', { hosts: 'web1', command: 'rm -rf /' });
    await scout.call('scout_query', { hosts: 'nobody', command: 'uptime' });
    await scout.call('scout_query', { hosts: 'web1', command: 7, other: 'x' });
    await scout.call('scout_read', { targets: ['web1:../x'] });
    await scout.call('scout_hosts', {});
    await expect(read('nothing://here')).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(shown()).toEqual([
      'intent scout_query',
      'outcome scout_query command_refused',
      'intent scout_query',
      'outcome scout_query unknown_host',
      'intent scout_query',
      'outcome scout_query invalid_argument',
      'intent scout_read',
      'outcome scout_read invalid_target',
      'intent scout_hosts',
      'outcome scout_hosts rate_limited',
      'intent nothing://here',
      'outcome nothing://here invalid_argument',
    ]);
    expect(linesOf(file)[1]?.arguments.command).toBe('rm -rf /');
  });

  it('a call that is cancelled, and one that takes too long, say so', async () => {
    await scout.close();
    rmSync(file, { force: true });
    scout = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted', SCOUT_COMMAND_TIMEOUT: '600ms' });
    await scout.call('scout_query', { hosts: 'web1', command: 'true' });
    await scout.call('scout_query', { hosts: 'web1', command: 'sleep 60' });
    const controller = new AbortController();
    const cancelled = scout.call(
      'scout_query',
      { hosts: 'web1', command: 'sleep 61' },
      { signal: controller.signal },
    );
    await until(() => shown().includes('intent scout_query web1 sleep 61'));
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => shown().includes('outcome scout_query web1 sleep 61 cancelled'));
    expect(shown()).toContain('outcome scout_query web1 sleep 60 command_timeout');
    expect(shown()).toContain('outcome scout_query cancelled');
    await scout.close();
    expect(await verified()).toBe(true);
  });

  it('a server that stops in the middle ends its run all the same', async () => {
    await scout.close();
    rmSync(file, { force: true });
    scout = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' });
    const call = scout.call('scout_query', { hosts: 'web*', command: 'sleep 60' });
    await until(() => shown().filter((line) => line.endsWith('sleep 60')).length === 3);
    await Promise.all([scout.close(), expect(call).rejects.toMatchObject({ code: 'cancelled' })]);
    expect(shown().filter((line) => line.endsWith('cancelled'))).toHaveLength(4);
    const { runs } = await verdictOf([readFileSync(file)]);
    expect(runs).toMatchObject([{ notes: [] }]);
  });
});

describe('where the audit log cannot be written', () => {
  it('a call is refused and no host is asked', async () => {
    chmodSync(directory, 0o555);
    rmSync(directory, { recursive: true });
    const unasked = await startSshd(); // one that counts no late connection of an earlier test
    const marker = join(unasked.directory, 'marker');
    await scout.close();
    const settings = { SCOUT_AUDIT_LOG: file, SCOUT_QUERY_POLICY: 'unrestricted' };
    scout = makeScout(unasked.writeConfig('web1'), settings);
    const answer = await scout.call('scout_query', { hosts: 'web1', command: `touch ${marker}` });
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(
      /^audit_unavailable: the audit log \(SCOUT_AUDIT_LOG\) cannot be written: its directory does not exist\nFix: /,
    );
    expect(answer.text).not.toContain(directory);
    await expect(read('hosts://list')).rejects.toMatchObject({ code: 'audit_unavailable' });
    expect((await scout.call('scout_hosts', {})).error?.code).toBe('audit_unavailable');
    expect(() => readFileSync(marker)).toThrow('ENOENT');
    expect(unasked.connectionCount()).toBe(0);
    await unasked.stop();
  });

  it('in the middle of a call, what was found is withheld', async () => {
    await scout.close();
    rmSync(file, { force: true });
    scout = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted' });
    // the log is on the machine that is asked, so that the command can take it away
    const answer = await scout.call('scout_query', {
      hosts: 'web1',
      command: `chmod 666 ${file}; echo found`,
    });
    expect(answer.error?.code).toBe('audit_unavailable');
    expect(JSON.stringify(answer)).not.toContain('found\\n');
    expect(shown()).toEqual(['intent scout_query', `intent scout_query web1 chmod 666 ${file}; echo found`]);
    chmodSync(file, 0o600);
    expect((await scout.call('scout_query', { hosts: 'web1', command: 'true' })).isError).toBe(false);
  });

  it('an answer that asked no host is withheld too, by both doors', async () => {
    const log = new AuditLog(file, () => {});
    const report: Report = { list: 'results', entries: [] };
    const widen = async () => {
      chmodSync(file, 0o644);
      return report;
    };
    const tool: Tool = {
      name: 'scout_test',
      title: 'Test',
      description: () => 'Test',
      input: z.strictObject({}),
      output: z.object({}),
      offered: () => true,
      annotations: () => readOnly,
      run: widen,
    };
    const resource: Resource = {
      name: 'test',
      title: 'Test',
      description: 'Test',
      mimeType: 'text/plain',
      uri: 'test://x',
      read: async () => {
        await widen();
        return 'text';
      },
    };
    // the answer room looks at nothing else of the context
    const context = {
      config: scout.config,
      kept: new ResultStore(),
      observe: () => {},
    } as unknown as Context;
    const answerer = new Answerer(context, { tools: [tool], resources: [resource], prompts: [] }, log);
    const caller = { signal: new AbortController().signal };
    expect((await answerer.callTool(tool, {}, caller)).error?.code).toBe('audit_unavailable');
    chmodSync(file, 0o600);
    await expect(answerer.readResource('test://x', caller)).rejects.toMatchObject({
      code: 'audit_unavailable',
    });
    chmodSync(file, 0o600);
    log.close();
    expect(shown()).toEqual([
      'intent scout_test',
      'intent test://x',
      'outcome scout_test audit_unavailable',
      'outcome test://x audit_unavailable',
      'end',
    ]);
  });

  it('a host whose turn comes later is not asked', async () => {
    await scout.close();
    rmSync(file, { force: true });
    scout = scoutWith({ SCOUT_QUERY_POLICY: 'unrestricted', SCOUT_FANOUT: '1' });
    const marker = join(sshd.directory, 'ran');
    const command = `echo x >> ${marker}; chmod 666 ${file}`;
    const answer = await scout.call('scout_query', { hosts: 'web1,web2,web3', command });
    expect(answer.error?.code).toBe('audit_unavailable');
    expect(readFileSync(marker, 'utf8')).toBe('x\n');
  });
});

it('Without SCOUT_AUDIT_LOG nothing is written, and an operation has nobody to tell', async () => {
  await scout.close();
  const made = makeScout(sshd.writeConfig('web1'));
  await made.call('scout_query', { hosts: 'web1', command: 'uptime' });
  await made.close();
  expect(() => readFileSync(file)).toThrow('ENOENT');
  expect(made.log.filter((line) => line.includes('audit'))).toEqual([]);
});
