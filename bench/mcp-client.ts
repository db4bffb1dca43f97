import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The least of an MCP client over stdio (specification 2025-06-18): what a server costs, and nothing besides. */
export class McpClient {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  /** Start a server; `words` go to Node. What it says on stderr is dropped. */
  constructor(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, words, {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdin.on('error', () => {}); // it is gone: the exit says so
    this.#child.once('exit', () => {
      for (const [id, wake] of this.#waiting) wake({ id, error: { message: 'the server has ended' } });
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async initialize(): Promise<void> {
    const client = { name: 'bench', version: '1' };
    await this.request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: client,
    });
    this.#send({ method: 'notifications/initialized' });
  }

  /** The texts of a tool's answer. Rejects where it is an error, with its text. */
  async call(name: string, args: object): Promise<string> {
    const result = (await this.request('tools/call', { name, arguments: args })) as ToolResult; // as MCP has it
    const text = (result.content ?? []).map((part) => part.text ?? '').join('\n');
    if (result.isError) throw new Error(`${name}: ${text.slice(0, 300)}`);
    return text;
  }

  async request(method: string, params?: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ id, method, params });
    });
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    this.#child.kill('SIGTERM'); // some outlive their input
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await exited;
    clearTimeout(timer);
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #hear(line: string): void {
    if (!line.startsWith('{')) return; // some servers greet people on stdout
    const reply: Reply & { readonly method?: string } = JSON.parse(line);
    if (reply.id === undefined || reply.method !== undefined) return;
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}
