import { Readable, type Writable } from 'node:stream';
import type { JSONRPCMessage, JSONRPCNotification, JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import type { FirstAnswers } from './first-answers.ts';

/** Messages of the client that have had their answer: what a server that takes over has to hear of. */
export type Greeting = readonly JSONRPCMessage[];

/** What a server takes over. */
export interface HandOver {
  readonly greeting: Greeting;
  /** What has had no answer yet, and all that follows it. */
  readonly input: Readable;
}

export interface FrontDeskOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly answers: FirstAnswers;
  /** A client that has said who it is and asks nothing for this long stays: the server is made ready for its first call. */
  readonly quietMs: number;
}

/** A line of the greeting is shorter; what grows beyond it is for the server to judge. */
const longestLineBytes = 64 * 1024;
const newline = 10;

/**
 * Answer a client's first requests (MCP specification, "Lifecycle", and the lists) without the server, which takes
 * four times as long to load as Node itself; clients start copies that never hear of anything else. Whatever is not
 * plainly one of them ends it: resolves with the greeting so far, and an input that is paused with the rest in it.
 * Resolves with undefined when the client is gone before.
 */
export function answerFirst(options: FrontDeskOptions): Promise<HandOver | undefined> {
  const { input, output, answers, quietMs } = options;
  const greeting: JSONRPCMessage[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let quiet: NodeJS.Timeout | undefined;

  return new Promise((resolve) => {
    const take = (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
        if (!answer(rest.toString('utf8', 0, end))) return handOver();
        rest = rest.subarray(end + 1);
      }
      if (rest.length > longestLineBytes) handOver();
    };
    const answer = (line: string): boolean => {
      const message = known(line, greeting, answers);
      if (!message) return false;
      if (isGreeting(message)) greeting.push(message);
      if ('id' in message) {
        const result = resultOf(message, answers);
        output.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n`);
      }
      clearTimeout(quiet);
      if (greeting.length > 1) quiet = setTimeout(handOver, quietMs);
      return true;
    };
    const handOver = () => {
      input.pause();
      if (rest.length > 0) input.unshift(rest);
      leave({ greeting, input });
    };
    const ended = () => {
      if (rest.length === 0 || answer(rest.toString('utf8'))) gone();
      else leave({ greeting, input: Readable.from(rest) }); // a stream that has ended takes nothing back
    };
    const gone = () => leave(undefined);
    const leave = (outcome: HandOver | undefined) => {
      clearTimeout(quiet);
      input.off('data', take).off('end', ended).off('close', gone).off('error', gone);
      resolve(outcome);
    };
    input.on('end', ended).on('close', gone).on('error', gone).on('data', take);
  });
}

type Known = JSONRPCRequest | JSONRPCNotification;

/** The message of a line, where it is one that is answered here and comes at its time. */
function known(line: string, greeting: Greeting, answers: FirstAnswers): Known | undefined {
  const message = parse(line);
  if (!isMessage(message)) return undefined;
  const { method, params } = message;
  if (greeting.length === 0)
    return method === 'initialize' && isHello(params) && 'id' in message ? message : undefined;
  if (method === 'notifications/initialized')
    return greeting.length === 1 && !('id' in message) ? message : undefined;
  const isAsked = 'id' in message && method !== 'initialize' && Object.hasOwn(answers.results, method);
  return isAsked && isPlain(params) ? message : undefined;
}

function isGreeting({ method }: Known): boolean {
  return method === 'initialize' || method === 'notifications/initialized';
}

function resultOf(
  { method, params }: JSONRPCRequest,
  { versions, results }: FirstAnswers,
): object | undefined {
  const result = results[method];
  if (method !== 'initialize') return result;
  const asked = params?.protocolVersion;
  return { ...result, protocolVersion: versions.find((version) => version === asked) ?? versions[0] };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // for the server to refuse
  }
}

/** A JSON-RPC 2.0 request or notification and nothing beside it. */
function isMessage(value: unknown): value is Known {
  if (!isObject(value) || value.jsonrpc !== '2.0' || typeof value.method !== 'string') return false;
  if (value.params !== undefined && !isObject(value.params)) return false;
  const { id } = value;
  if ('id' in value && typeof id !== 'string' && !Number.isSafeInteger(id)) return false;
  return Object.keys(value).every((key) => ['jsonrpc', 'id', 'method', 'params'].includes(key));
}

function isHello(params: unknown): boolean {
  if (!isObject(params) || typeof params.protocolVersion !== 'string') return false;
  const { capabilities, clientInfo } = params;
  if (!isObject(capabilities) || !isObject(clientInfo)) return false;
  return typeof clientInfo.name === 'string' && typeof clientInfo.version === 'string';
}

/** No cursor: all that a list may be asked with. */
function isPlain(params: unknown): boolean {
  if (params === undefined) return true;
  return (
    isObject(params) && Object.entries(params).every(([key, value]) => key === '_meta' && isObject(value))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
