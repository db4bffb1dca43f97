import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Reply, type ServerHere, serveHere, startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { fingerprintOf } from '../fixtures/unknown-hosts.ts';
import { until } from '../fixtures/until.ts';

type Answer = Pick<Reply, 'result' | 'error'>;

let sshd: Sshd;
let other: Sshd;
let fingerprint: string;
/** Empty before each test. */
let knownHosts: string;
let server: ServerHere | undefined;
/** What the person was asked, and how to answer the n-th question. */
let questions: { readonly message: string; readonly answer: (answer: Answer) => void }[];

beforeAll(async () => {
  [sshd, other] = await Promise.all([startSshd(), startSshd()]);
  fingerprint = fingerprintOf(sshd);
  knownHosts = join(sshd.directory, 'accepted');
});
afterAll(() => Promise.all([sshd.stop(), other.stop()]));
beforeEach(() => {
  questions = [];
  writeFileSync(knownHosts, '');
});
afterEach(async () => {
  for (const { answer } of questions) answer({ result: { action: 'cancel' } });
  await server?.stop();
  server = undefined;
});

const accept: Answer = { result: { action: 'accept', content: {} } };
const decline: Answer = { result: { action: 'decline' } };
const asking = { StrictHostKeyChecking: 'ask' };

function unknown(alias: string, overrides: Record<string, string> = {}, on = sshd): string {
  return on.configFor(alias, { ...asking, UserKnownHostsFile: knownHosts, ...overrides });
}

/** Serve a client that can ask. */
async function start(
  entries: readonly string[],
  settings: Record<string, string> = {},
  capabilities: object = { elicitation: {} },
): Promise<ServerHere> {
  server = await serveHere(sshd.writeConfig(...entries), settings, person(capabilities));
  return server;
}

/** A client whose person answers when the test says so. */
function person(capabilities: object) {
  return {
    capabilities: { ...capabilities },
    answer: ({ params }: Reply) =>
      new Promise<Answer>((resolve) => questions.push({ message: String(params?.message), answer: resolve })),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
async function echo(hosts: string): Promise<any> {
  const { structuredContent } = await (server as ServerHere).callTool('scout_query', {
    hosts,
    command: 'echo in',
  });
  return structuredContent.results;
}

const saved = () => readFileSync(knownHosts, 'utf8');
const letIn = [{ stdout: 'in\n' }];
const refused = [{ error: { code: 'host_key_unknown', message: expect.not.stringContaining('asked') } }];

async function asked(count: number): Promise<void> {
  await until(() => questions.length >= count, 10_000, `${count} questions`);
}

describe('an unknown host key', () => {
  it('is shown to the person, saved when they accept, and the call goes on', async () => {
    await start([unknown('web1')]);
    const answer = echo('web1');
    await asked(1);
    expect(saved()).toBe('');
    const { message } = questions[0] ?? {};
    expect(message).toContain(`The host web1 ([127.0.0.1]:${sshd.port})`);
    expect(message).toContain(`\nED25519 ${fingerprint}\n`);
    questions[0]?.answer(accept);
    expect(await answer).toMatchObject(letIn);
    expect(saved()).toBe(`${sshd.hostKeyLines[0]?.split(' ').slice(0, 3).join(' ')}\n`);
    expect(await echo('web1')).toMatchObject(letIn);
    expect(questions).toHaveLength(1);
  });

  it('is asked about where SCOUT_STRICT_HOST_KEY_CHECKING is ask, and saved in SCOUT_KNOWN_HOSTS', async () => {
    const file = join(sshd.directory, 'override');
    const settings = { SCOUT_STRICT_HOST_KEY_CHECKING: 'ask', SCOUT_KNOWN_HOSTS: file };
    await start([unknown('web1', { StrictHostKeyChecking: 'yes' })], settings, { elicitation: { form: {} } });
    const answer = echo('web1');
    await asked(1);
    questions[0]?.answer(accept);
    expect(await answer).toMatchObject(letIn);
    expect([existsSync(file), saved()]).toEqual([true, '']);
  });

  it.each<[string, Answer]>([
    ['declines', decline],
    ['closes the question', { result: { action: 'cancel' } }],
    ['has a client that fails', { error: { code: -32603, message: 'no window' } }],
    ['has a client that answers nonsense', { result: { action: 'yes' } }],
  ])('is refused as with `yes` where the person %s', async (_, reply) => {
    await start([unknown('web1')]);
    const answer = echo('web1');
    await asked(1);
    questions[0]?.answer(reply);
    expect(await answer).toMatchObject(refused);
    expect(saved()).toBe('');
  });

  it.each([{}, { elicitation: { url: {} } }])(
    'is refused without a question where the client declares %j',
    async (capabilities) => {
      await start([unknown('web1')], {}, capabilities);
      expect(await echo('web1')).toMatchObject(refused);
      expect([questions, saved()]).toEqual([[], '']);
    },
  );

  it('is asked about once, whoever waits for the answer', async () => {
    await start([unknown('web1'), unknown('web2', { ServerAliveInterval: '99' })]);
    const before = sshd.connectionCount();
    const answers = Promise.all([echo('web1'), echo('web1'), echo('web*')]);
    await asked(1);
    // both hosts have shown their key
    await until(() => sshd.connectionCount() - before >= 2 && sshd.sessions().length === 0);
    questions[0]?.answer(accept);
    expect(await answers).toMatchObject([letIn, letIn, letIn]);
    expect(questions).toHaveLength(1);
    expect(saved().trim().split('\n')).toHaveLength(1);
  });

  it('that no file can take is asked about once a process', async () => {
    await start([unknown('web1', { UserKnownHostsFile: '/dev/null' })], { SCOUT_IDLE_TIMEOUT: '100ms' });
    const answer = echo('web1');
    await asked(1);
    questions[0]?.answer(accept);
    expect(await answer).toMatchObject(letIn);
    await until(() => sshd.sessions().length === 0);
    expect(await echo('web1')).toMatchObject(letIn);
    expect(questions).toHaveLength(1);
  });

  it('of each hop is asked about, the first hop first', async () => {
    await start([unknown('bastion'), unknown('inner', { ProxyJump: 'bastion' }, other)]);
    const answer = echo('inner');
    await asked(1);
    expect(questions[0]?.message).toContain(fingerprint);
    questions[0]?.answer(accept);
    await asked(2);
    expect(questions[1]?.message).toContain(fingerprintOf(other));
    questions[1]?.answer(accept);
    expect(await answer).toMatchObject(letIn);
  });
});

describe('the wait for the person', () => {
  it('is none of the connect time-out, and holds no place that another host wants', async () => {
    const limits = { SCOUT_SSH_CONNECT_TIMEOUT: '1', SCOUT_MAX_POOL_SIZE: '1' };
    await start([unknown('new'), other.configFor('known')], limits);
    const slow = echo('new');
    await asked(1);
    const startedMs = performance.now();
    expect(await echo('known')).toMatchObject(letIn);
    await until(() => performance.now() - startedMs > 1_100);
    questions[0]?.answer(accept);
    expect(await slow).toMatchObject(letIn);
  });

  it('ends with the call, while the question stays open and its acceptance is saved', async () => {
    await start([unknown('new'), other.configFor('known')], { SCOUT_COMMAND_TIMEOUT: '4' });
    expect(await echo('new,known')).toMatchObject([
      { hosts: ['known'], stdout: 'in\n' },
      {
        hosts: ['new'],
        error: {
          code: 'host_key_unknown',
          message: expect.stringContaining('was asked'),
          fix: expect.stringContaining('call again once'),
        },
      },
    ]);
    questions[0]?.answer(accept);
    await until(() => saved() !== '');
    expect(await echo('new')).toMatchObject(letIn);
    expect(questions).toHaveLength(1);
  });

  it('ends with the cancellation of the call, and the question stays', async () => {
    const running = await start([unknown('web1')]);
    const params = { name: 'scout_query', arguments: { hosts: 'web1', command: 'echo in' } };
    void running.request('tools/call', params, 77);
    await asked(1);
    running.notify('notifications/cancelled', { requestId: 77 });
    await running.request('ping');
    questions[0]?.answer(accept);
    await until(() => saved() !== '');
    expect(running.lines.some((line) => line.includes('"id":77'))).toBe(false);
  });

  it('does not hold up the end of the program', async () => {
    const config = sshd.writeConfig(unknown('web1'));
    const running = await startServer(config, {}, [], person({ elicitation: {} }));
    void running.request('tools/call', {
      name: 'scout_query',
      arguments: { hosts: 'web1', command: 'true' },
    });
    await asked(1);
    const startedMs = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
