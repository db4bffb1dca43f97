import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult, ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import { raceAbort, withTimeout } from '../call.ts';
import { ScoutError } from '../errors.ts';
import { version } from '../version.ts';
import { misfit } from './misfit.ts';

/** What a client asks a server. */
export type DemoRequest =
  | { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly resource: string }
  | {
      readonly template: string;
      readonly variable: string;
      readonly prefix: string;
      /** The variables that have a value already. */
      readonly chosen?: Readonly<Record<string, string>>;
    }
  | { readonly prompt: string; readonly args: Readonly<Record<string, string>> }
  | { readonly list: 'everything' };

export interface DemoAnswer {
  readonly text: string;
  readonly isError: boolean;
}

export interface DemoClient {
  ask(request: DemoRequest): Promise<DemoAnswer>;
  /** What the server wrote to stderr so far. */
  stderr(): string;
  close(): Promise<void>;
}

/** One request; a server that takes longer than this is broken. */
const timeout = 10_000;
/** The SDK ends stdin, sends SIGTERM 2 s later, and SIGKILL after another 2 s. */
const goneMs = 5_000;

/** Start the server `bin` with this ssh configuration, as an MCP client would, and shake hands. */
export async function connectDemoClient(
  bin: string,
  sshConfig: string,
  signal: AbortSignal,
): Promise<DemoClient> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin],
    env: { SCOUT_SSH_CONFIG: sshConfig, SCOUT_LOG_LEVEL: 'warn' },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk) => {
    stderr = `${stderr}${chunk}`.slice(-10_000);
  });
  const client = new Client({ name: 'scout-mcp-demo', version }, { jsonSchemaValidator });
  const gone = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  const close = async () => {
    await client.close();
    // where a handshake fails, the SDK has begun to close by itself, and the line above waits for nothing
    await withTimeout(new AbortController().signal, goneMs, stillThere, (limit) => raceAbort(gone, limit));
  };
  try {
    await client.connect(transport, { timeout, signal });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ask: (request) => ask(client, request),
    stderr: () => stderr,
    close,
  };
}

function stillThere(): ScoutError {
  return new ScoutError('internal', 'the server of the demo does not end', 'Look for it with ps.');
}

/** The program that this file was bundled into, or, run from source, the one beside the source. */
export function findBin(): string {
  const places = ['../bin/scout-mcp.js', '../../bin/scout-mcp.js'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const bin = places.find((place) => existsSync(place));
  if (bin === undefined) throw new Error('bin/scout-mcp.js is missing: the installation is not whole');
  return bin;
}

async function ask(client: Client, request: DemoRequest): Promise<DemoAnswer> {
  if ('tool' in request) {
    const params = { name: request.tool, arguments: request.args };
    // the union with the result type of an older protocol, which is not parsed by the default schema
    const result = (await client.callTool(params, undefined, { timeout })) as CallToolResult;
    return { text: textOf(result.content), isError: result.isError === true };
  }
  if ('resource' in request) {
    const { contents } = await client.readResource({ uri: request.resource }, { timeout });
    return { text: textOf(contents), isError: false };
  }
  if ('template' in request) {
    const argument = { name: request.variable, value: request.prefix };
    const ref = { type: 'ref/resource' as const, uri: request.template };
    const context = { arguments: { ...request.chosen } };
    const { completion } = await client.complete({ ref, argument, context }, { timeout });
    return { text: completion.values.join('\n'), isError: false };
  }
  if ('prompt' in request) {
    const params = { name: request.prompt, arguments: request.args };
    const { messages } = await client.getPrompt(params, { timeout });
    return { text: textOf(messages.map(({ content }) => content)), isError: false };
  }
  return { text: await listEverything(client), isError: false };
}

async function listEverything(client: Client): Promise<string> {
  const { tools } = await client.listTools({}, { timeout });
  const { resources } = await client.listResources({}, { timeout });
  const { resourceTemplates } = await client.listResourceTemplates({}, { timeout });
  const { prompts } = await client.listPrompts({}, { timeout });
  const rows = [
    ...tools.map(({ name, title, annotations }) => [
      name,
      `${title}${annotations?.readOnlyHint ? ' (changes nothing)' : ''}`,
    ]),
    ...resources.map(({ uri, title }) => [uri, title]),
    ...resourceTemplates.map(({ uriTemplate, title }) => [uriTemplate, title]),
    ...prompts.map(({ name, title }) => [name, `${title} (prompt)`]),
  ];
  return rows.map(([name = '', title = '']) => `${name.padEnd(27)} ${title}`).join('\n');
}

function textOf(parts: CallToolResult['content'] | ReadResourceResult['contents']): string {
  return parts.flatMap((part) => ('text' in part ? [part.text] : [])).join('\n');
}

/** The client holds every structured answer against the schema that the tool published. */
const jsonSchemaValidator = {
  getValidator<T>(schema: object) {
    return (input: unknown) => {
      const errorMessage = misfit(input, schema);
      return errorMessage === undefined
        ? { valid: true as const, data: input as T, errorMessage } // it fits the schema of T
        : { valid: false as const, data: undefined, errorMessage };
    };
  },
};
