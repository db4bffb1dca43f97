import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { Greeting } from './front-desk.ts';

/** A line may hold any argument that a tool takes, and more; beyond this it is refused, not gathered. */
const maxLineBytes = 10 * 1024 ** 2;
const newline = 10;

/**
 * MCP's stdio transport: one JSON-RPC message a line. Unlike the SDK's it answers what is no message (JSON-RPC
 * 2.0 section 5.1: parse error, invalid request), survives a reader that is gone, and holds one line at most.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Set, it is given the requests in place of `onmessage`, but for the greeting's. */
  onrequest?: (request: JSONRPCRequest) => void;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #greeting: Greeting;
  /** Requests of the greeting, as long as the server has not answered them once more. */
  readonly #answered: Set<unknown>;
  #takesBatches: boolean;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #skipping = false;

  /** `greeting` was answered already: the server hears of it, the client does not hear of it again. */
  constructor(input: Readable, output: Writable, greeting: Greeting = []) {
    this.#input = input;
    this.#output = output;
    this.#greeting = greeting;
    this.#takesBatches = greeting.some(asksForBatches);
    this.#answered = new Set(greeting.flatMap((message) => ('id' in message ? [message.id] : [])));
  }

  async start(): Promise<void> {
    for (const message of this.#greeting) this.onmessage?.(message);
    this.#input.on('data', this.#take).on('end', this.#lineEnds).resume();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message) && this.#answered.delete(message.id)) return;
    await this.#write(message);
  }

  async close(): Promise<void> {
    this.#input.off('data', this.#take).off('end', this.#lineEnds);
    this.#input.pause();
    this.onclose?.();
  }

  readonly #take = (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.#gather(chunk.subarray(from, end));
      from = end + 1;
      this.#lineEnds();
    }
    if (from < chunk.length) this.#gather(chunk.subarray(from));
  };

  #gather(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > maxLineBytes) {
      this.#skipping = true;
      this.#chunks = [];
    }
    if (!this.#skipping) this.#chunks.push(piece);
  }

  /** By its newline or, where a script leaves that out, by the end of the input: half a message is never one. */
  readonly #lineEnds = () => {
    const [first] = this.#chunks;
    const whole = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const line = whole.toString('utf8').trim();
    const tooLong = this.#skipping;
    this.#chunks = [];
    this.#bytes = 0;
    this.#skipping = false;
    if (tooLong) this.#refuse(-32600, `Invalid Request: a line is longer than ${maxLineBytes} bytes`);
    else if (line !== '') this.#receive(line);
  };

  #receive(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      this.#refuse(-32700, 'Parse error: this line is not JSON');
      return;
    }
    // each has an answer of its own: a cancelled one has none, for which an array would wait for ever
    if (this.#takesBatches && Array.isArray(json) && json.length > 0)
      for (const member of json) this.#takeOne(member);
    else this.#takeOne(json);
  }

  #takeOne(json: unknown): void {
    if (isRequest(json)) {
      this.#takesBatches ||= asksForBatches(json);
      (this.onrequest ?? this.onmessage)?.(json);
    } else if (isOther(json)) this.onmessage?.(json);
    else
      this.#refuse(
        -32600,
        'Invalid Request: this is no JSON-RPC 2.0 request, notification or response',
        idOf(json),
      );
  }

  #refuse(code: number, message: string, id: string | number | null = null): void {
    this.#write({ jsonrpc: '2.0', id, error: { code, message } }).catch((error) => this.onerror?.(error));
  }

  /** Settles when the message is handed over; a reader that is gone is noticed by the stream's own error event. */
  #write(message: object): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#output.writable) resolve();
      else this.#output.write(`${JSON.stringify(message)}\n`, () => resolve());
    });
  }
}

const requestMembers: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);

/**
 * A request (JSON-RPC 2.0 section 4, MCP specification "Requests"). What its parameters hold is for the schema of its
 * method to say, but for `_meta`. By hand, for the SDK's guard takes a fortieth of a short call.
 */
function isRequest(json: unknown): json is JSONRPCRequest {
  if (typeof json !== 'object' || json === null) return false;
  const { jsonrpc, id, method, params } = json as Partial<Record<string, unknown>>; // any object may be read so
  return (
    jsonrpc === '2.0' &&
    (typeof id === 'string' || Number.isSafeInteger(id)) &&
    typeof method === 'string' &&
    (params === undefined || (typeof params === 'object' && params !== null && !Array.isArray(params))) &&
    Object.keys(json).every((member) => requestMembers.has(member)) &&
    (params === undefined || !('_meta' in params) || isJSONRPCRequest(json))
  );
}

/** Of all revisions of MCP one has batches (JSON-RPC 2.0 section 6), and whoever speaks it must take them. */
function asksForBatches(message: JSONRPCMessage): boolean {
  return (
    'method' in message && message.method === 'initialize' && message.params?.protocolVersion === '2025-03-26'
  );
}

/** Every other message that the SDK takes. */
function isOther(json: unknown): json is JSONRPCMessage {
  return isJSONRPCNotification(json) || isJSONRPCResultResponse(json) || isJSONRPCErrorResponse(json);
}

function idOf(json: unknown): string | number | null {
  if (typeof json !== 'object' || json === null || !('id' in json)) return null;
  return typeof json.id === 'string' || typeof json.id === 'number' ? json.id : null;
}
