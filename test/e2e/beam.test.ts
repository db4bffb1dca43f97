import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  type CallToolResult,
  type ClientCapabilities,
  ElicitRequestSchema,
  type ElicitResult,
  ListRootsRequestSchema,
  type Progress,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serveStreams } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { parts, sha256, someFile } from '../operations/beam/beam.ts';
import { breakOften, makeStage, type Stage } from '../operations/beam/broken.ts';
import { builtProgram } from '../operations/beam/built-runner.ts';
import { dice } from '../operations/beam/dice.ts';

let sshd: Sshd;
let config: string;
/** Empty before each test. */
let base: string;
let here: string;
let there: string;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  sshd = await startSshd();
  config = sshd.writeConfig('web1');
});
afterAll(() => sshd.stop());

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'scout-beam-e2e-')));
});
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
  for (const name of readdirSync(base)) rmSync(join(base, name), { recursive: true, force: true });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function ground(): void {
  [here, there] = [join(base, 'here'), join(base, 'there')];
  for (const directory of [here, there]) mkdirSync(directory);
}

interface Person {
  readonly capabilities?: ClientCapabilities;
  /** What the person answers; what they were asked is put into `asked`. */
  readonly answer?: () => ElicitResult | Promise<ElicitResult>;
  readonly roots?: () => readonly string[];
}

/** The SDK's client, on the streams that are a server's stdin and stdout. */
async function connect(settings: Readonly<Record<string, string>>, person: Person = {}) {
  const asked: string[] = [];
  const client = new Client({ name: 'test', version: '1' }, { capabilities: person.capabilities ?? {} });
  const { answer, roots } = person;
  if (answer)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      asked.push(params.message);
      return await answer();
    });
  if (roots)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots().map((path) => ({ uri: pathToFileURL(path).href })),
    }));
  const own = { HOME: base, SCOUT_BEAM: 'on', ...settings };
  const { input, output, stop } = serveStreams(settings.SCOUT_SSH_CONFIG ?? config, own);
  await client.connect(new StdioServerTransport(output, input));
  ends.push(stop);
  const beam = async (args: Record<string, unknown>, onprogress?: (progress: Progress) => void) => {
    const params = { name: 'scout_beam', arguments: args };
    const result = (await client.callTool(params, undefined, onprogress && { onprogress })) as CallToolResult;
    const [content] = result.content;
    const text = content?.type === 'text' ? content.text : '';
    return { ...result, text, isError: result.isError ?? false };
  };
  return { client, asked, beam };
}

describe('the person at the client', () => {
  const canAsk: ClientCapabilities = { elicitation: {} };

  it.each<[ElicitResult['action'], boolean]>([
    ['accept', true],
    ['decline', false],
    ['cancel', false],
  ])('who answers %s to a replacement and to a large copy is heeded', async (action, isDone) => {
    ground();
    const settings = { SCOUT_BEAM_ROOTS: here, SCOUT_BEAM_CONFIRM_SIZE: '2000' };
    const answer = () => ({ action, ...(action === 'accept' && { content: {} }) });
    const { beam, asked } = await connect(settings, { capabilities: canAsk, answer });
    const small = someFile(here, 'small', 1_000);
    const free = await beam({ from: small, to: `web1:${there}/free` });
    expect([free.isError, asked]).toEqual([false, []]);

    const old = sha256(someFile(there, 'old', 10));
    const over = await beam({ from: small, to: `web1:${there}/old`, overwrite: true });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('will be replaced');
    expect(sha256(join(there, 'old'))).toBe(isDone ? sha256(small) : old);

    const large = someFile(there, 'large', 2_001);
    const down = await beam({ from: `web1:${large}`, to: join(here, 'large') });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatch(/^Copy 2\.0 KiB from web1:.*large to .*here\/large\?$/);
    expect(existsSync(join(here, 'large'))).toBe(isDone);

    const tree = join(here, 'tree');
    mkdirSync(tree);
    for (const name of ['a', 'b', 'c']) someFile(tree, name, 900);
    const whole = await beam({ from: tree, to: `web1:${there}/tree`, recursive: true });
    expect(asked).toHaveLength(3);
    expect(existsSync(join(there, 'tree'))).toBe(isDone);

    for (const { isError, text } of [over, down, whole]) {
      expect(isError).toBe(!isDone);
      if (!isDone) expect(text).toMatch(/^command_refused: the person at the client did not agree/);
    }
    expect([...parts(here), ...parts(there)]).toEqual([]);
  });

  it('is not asked where the client has no way to, nor by a form it does not have: then overwrite decides', async () => {
    for (const capabilities of [{}, { elicitation: { url: {} } }]) {
      ground();
      const { beam } = await connect(
        { SCOUT_BEAM_ROOTS: here, SCOUT_BEAM_CONFIRM_SIZE: '10' },
        { capabilities },
      );
      const path = someFile(here, 'file', 1_000);
      someFile(there, 'file', 20);
      const refused = await beam({ from: path, to: `web1:${there}/file` });
      expect(refused.text).toMatch(/^exists: /);
      const done = await beam({ from: path, to: `web1:${there}/file`, overwrite: true });
      expect(done.isError).toBe(false);
      expect(sha256(join(there, 'file'))).toBe(sha256(path));
      for (const directory of [here, there]) rmSync(directory, { recursive: true });
    }
  });

  it('whose client fails at asking has not agreed', async () => {
    ground();
    const answer = () => {
      throw new Error('no window');
    };
    const { beam, asked } = await connect(
      { SCOUT_BEAM_ROOTS: here, SCOUT_BEAM_CONFIRM_SIZE: '10' },
      { capabilities: canAsk, answer },
    );
    const said = await beam({ from: someFile(here, 'file', 1_000), to: `web1:${there}/file` });
    expect(said.text).toMatch(/^command_refused: /);
    expect([asked.length, existsSync(join(there, 'file'))]).toEqual([1, false]);
  });

  it('who thinks while the file changes is asked about what is copied then', async () => {
    ground();
    const path = someFile(here, 'file', 1_000);
    const answer = (): ElicitResult => {
      writeFileSync(join(there, 'file'), 'came meanwhile');
      return { action: 'accept', content: {} };
    };
    const { beam } = await connect(
      { SCOUT_BEAM_ROOTS: here, SCOUT_BEAM_CONFIRM_SIZE: '10' },
      { capabilities: canAsk, answer },
    );
    const said = await beam({ from: path, to: `web1:${there}/file` });
    expect(said.text).toMatch(/^exists: /);
    expect(readFileSync(join(there, 'file'), 'utf8')).toBe('came meanwhile');
  });
});

describe('MCP roots', () => {
  const hasRoots: ClientCapabilities = { roots: { listChanged: true } };

  it('are where scout_beam may go, as they are at each call', async () => {
    ground();
    const other = join(base, 'other');
    mkdirSync(other);
    let roots: readonly string[] = [here];
    const { client, beam } = await connect({}, { capabilities: hasRoots, roots: () => roots });
    const path = someFile(there, 'file', 1_000);
    const into = (directory: string) =>
      beam({ from: `web1:${path}`, to: join(directory, 'file'), overwrite: true });
    expect((await into(here)).isError).toBe(false);
    expect((await into(other)).text).toMatch(/^beam_outside_roots: /);

    roots = [other];
    await client.sendRootsListChanged();
    expect((await into(other)).isError).toBe(false);
    rmSync(join(here, 'file'));
    expect((await into(here)).text).toMatch(/^beam_outside_roots: /);
    expect((await beam({ from: join(here, 'file'), to: `web1:${there}/x` })).text).toMatch(
      /^beam_outside_roots: /,
    );
    expect(existsSync(join(here, 'file'))).toBe(false);

    roots = [];
    await client.sendRootsListChanged();
    expect((await into(other)).text).toMatch(/^beam_outside_roots: scout_beam may touch no file/);
  });

  it('are none where the client has none, cannot tell, or names what is no directory', async () => {
    ground();
    const path = someFile(there, 'file', 1_000);
    const failing = () => {
      throw new Error('no roots today');
    };
    const people: readonly Person[] = [
      {},
      { capabilities: hasRoots, roots: failing },
      { capabilities: hasRoots, roots: () => [path, join(base, 'missing')] },
    ];
    for (const person of people) {
      const { beam } = await connect({}, person);
      const said = await beam({ from: `web1:${path}`, to: join(here, 'file') });
      expect(said.text).toMatch(/^beam_outside_roots: .*\nFix: .*SCOUT_BEAM_ROOTS/);
      expect((await beam({ from: `web1:${path}`, to: `web1:${there}/copy`, overwrite: true })).isError).toBe(
        false,
      );
    }
    expect(readdirSync(here)).toEqual([]);
  });

  it('count for nothing where SCOUT_BEAM_ROOTS is set, and lead nowhere by a link', async () => {
    ground();
    const other = join(base, 'other');
    mkdirSync(other);
    symlinkSync(there, join(here, 'way'));
    const { beam } = await connect(
      { SCOUT_BEAM_ROOTS: here },
      { capabilities: hasRoots, roots: () => [other] },
    );
    const path = someFile(there, 'file', 1_000);
    for (const to of [join(other, 'file'), join(here, 'way', 'x')])
      expect((await beam({ from: `web1:${path}`, to })).text).toMatch(/^beam_outside_roots: /);
    expect((await beam({ from: `web1:${path}`, to: join(here, 'file') })).isError).toBe(false);
  });
});

describe('a copy', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await makeStage();
  });
  afterAll(() => stage.close());

  it('tells its progress by bytes, rate and time left', async () => {
    const { beam } = await connect({ SCOUT_BEAM_ROOTS: stage.here, SCOUT_SSH_CONFIG: stage.sshConfig });
    const path = someFile(stage.there, 'file', 4_000_000);
    const told: Progress[] = [];
    stage.proxy.setRate(4_000_000);
    const said = await beam({ from: `shaky:${path}`, to: join(stage.here, 'file') }, (one) => told.push(one));
    stage.proxy.setRate(Number.POSITIVE_INFINITY);
    expect(said.isError).toBe(false);
    for (const [index, { progress, total }] of told.entries()) {
      expect(progress).toBeGreaterThan(told[index - 1]?.progress ?? -1);
      expect(total).toBeGreaterThanOrEqual(progress);
    }
    const messages = told.map(({ message }) => message).join('\n');
    expect(messages).toMatch(/^[\d.]+ [KM]iB of 3\.8 MiB, [\d.]+ [KM]iB\/s, [\d.]+ m?s left$/m);
    for (const directory of [stage.here, stage.there]) rmSync(join(directory, 'file'));
  });

  it.each(['down', 'up'] as const)(
    '%s is never torn when the built program is killed, and the next one goes on with it',
    async (way) => {
      const runner = builtProgram(stage.sshConfig, { SCOUT_BEAM_ROOTS: stage.here });
      const random = dice(Date.now());
      try {
        await breakOften(stage, runner, { kind: 'kill', way, points: 1, bytes: 3_000_000, random });
      } finally {
        await runner.stop();
      }
    },
    40_000, // four starts of the program and of sessions
  );
});
