import { PassThrough } from 'node:stream';
import { SUPPORTED_PROTOCOL_VERSIONS as versions } from '@modelcontextprotocol/sdk/types.js';
import type { Config } from '../../src/config.ts';
import type { Tool } from '../../src/define.ts';
import type { RecordedAnswers } from '../../src/mcp/first-answers.ts';

type Asked = Readonly<Record<string, object>>;
type Results = Record<string, object>;

/** What every client asks before it calls anything; `initialize` first, and tools/list on its own. */
const asked: Asked = {
  initialize: { protocolVersion: versions[0], capabilities: {}, clientInfo: { name: 'build', version: '0' } },
  ping: {},
  'resources/list': {},
  'resources/templates/list': {},
  'prompts/list': {},
};

/**
 * Ask the server itself, and its tools under every setting that changes them. Throws where they depend on a setting
 * that `offerKey` leaves out.
 */
export async function recordFirstAnswers(version: string): Promise<RecordedAnswers> {
  // what the bundler puts in its place, for the module that reads it when it is loaded
  const atBuild = globalThis as { SCOUT_VERSION?: string };
  atBuild.SCOUT_VERSION = version;
  await import('../../src/version.ts');
  delete atBuild.SCOUT_VERSION;
  const { loadConfig } = await import('../../src/config.ts');
  const { settings } = await import('../../src/settings.ts');
  const { offerKey } = await import('../../src/mcp/first-answers.ts');
  const { tools: everyTool } = await import('../../src/tools/index.ts');

  const results = await ask(loadConfig({}), asked);
  const tools: string[] = [];
  const offers: Record<string, number[]> = {};
  for (const queryPolicy of settings.queryPolicy.allowed.split(', ')) {
    for (const beam of settings.beam.allowed.split(', ')) {
      const config = loadConfig({ SCOUT_QUERY_POLICY: queryPolicy, SCOUT_BEAM: beam });
      for (const tool of everyTool) assertDependsOn(tool, config, ['queryPolicy', 'beam']);
      const listed = (await ask(config, { 'tools/list': {} }))['tools/list'] as { tools: object[] };
      offers[offerKey(config)] = listed.tools.map((tool) => placeOf(JSON.stringify(tool), tools));
    }
  }
  return { versions, results, tools: tools.map((tool) => JSON.parse(tool)), offers };
}

/** The results of these requests, by method, from a server with this configuration. */
async function ask(config: Config, requests: Asked): Promise<Results> {
  const { assemble } = await import('../../src/serve.ts');
  const { createMcpServer } = await import('../../src/mcp/mcp-server.ts');
  const { LineTransport } = await import('../../src/mcp/line-transport.ts');
  const scout = assemble(config, {}, () => {});
  const input = new PassThrough();
  const output = new PassThrough().setEncoding('utf8');
  await createMcpServer(scout.answerer).connect(new LineTransport(input, output));
  const results: Results = {};
  let text = '';
  for (const [method, params] of Object.entries(requests)) {
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: method, method, params })}\n`);
    while (!text.includes('\n')) text += await new Promise((resolve) => output.once('data', resolve));
    const { id, result } = JSON.parse(text);
    if (id !== method || !result) throw new Error(`${method} was answered with ${text}`);
    results[method] = result;
    text = '';
  }
  await scout.close();
  return results;
}

/** Throws when what is listed of the tool depends on a setting besides these. */
function assertDependsOn(tool: Tool, config: Config, keys: readonly string[]): void {
  const watched = new Proxy(config, {
    get: (target, key) => {
      if (keys.includes(String(key))) return Reflect.get(target, key);
      throw new Error(
        `what is listed of ${tool.name} depends on ${String(key)}: add it to offerKey and here`,
      );
    },
  });
  if (tool.offered(watched)) tool.description(watched);
  tool.annotations(watched);
}

function placeOf(text: string, texts: string[]): number {
  if (!texts.includes(text)) texts.push(text);
  return texts.indexOf(text);
}
