import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
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
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #greeting: Greeting;
  /** Requests of the greeting, as long as the server has not answered them once more. */
  readonly #answered: Set<unknown>;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #skipping = false;

  /** `greeting` was answered already: the server hears of it, the client does not hear of it again. */
  constructor(input: Readable, output: Writable, greeting: Greeting = []) {
    this.#input = input;
    this.#output = output;
    this.#greeting = greeting;
    this.#answered = new Set(greeting.flatMap((message) => ('id' in message ? [message.id] : [])));
  }

  async start(): Promise<void> {
    for (const message of this.#greeting) this.onmessage?.(message);
    this.#input.on('data', this.#take).resume();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message) && this.#answered.delete(message.id)) return;
    await this.#write(message);
  }

  async close(): Promise<void> {
    this.#input.off('data', this.#take);
    this.#input.pause();
    this.onclose?.();
  }

  readonly #take = (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      this.#gather(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      this.#lineEnds();
    }
    if (rest.length > 0) this.#gather(rest);
  };

  #gather(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > maxLineBytes) {
      this.#skipping = true;
      this.#chunks = [];
    }
    if (!this.#skipping) this.#chunks.push(piece);
  }

  #lineEnds(): void {
    const line = Buffer.concat(this.#chunks).toString('utf8').trim();
    const tooLong = this.#skipping;
    this.#chunks = [];
    this.#bytes = 0;
    this.#skipping = false;
    if (tooLong) this.#refuse(-32600, `Invalid Request: a line is longer than ${maxLineBytes} bytes`);
    else if (line !== '') this.#receive(line);
  }

  #receive(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      this.#refuse(-32700, 'Parse error: this line is not JSON');
      return;
    }
    if (isMessage(json)) this.onmessage?.(json);
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

/** What the SDK takes, which looks once more: by the guard that most fit first. */
function isMessage(json: unknown): json is JSONRPCMessage {
  return (
    isJSONRPCRequest(json) ||
    isJSONRPCNotification(json) ||
    isJSONRPCResultResponse(json) ||
    isJSONRPCErrorResponse(json)
  );
}

function idOf(json: unknown): string | number | null {
  if (typeof json !== 'object' || json === null || !('id' in json)) return null;
  return typeof json.id === 'string' || typeof json.id === 'number' ? json.id : null;
}
