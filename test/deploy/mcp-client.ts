import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** An MCP client of a server that some program starts, such as podman. */
export interface Client {
  /** The result; throws where the reply is an error. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
  request(method: string, params?: unknown): Promise<any>;
  /** Close stdin; the exit code, and how long the end took. */
  end(): Promise<Ended>;
  /** For an end that something else brings about. */
  readonly exited: Promise<number | null>;
}

export interface Ended {
  readonly code: number | null;
  readonly tookMs: number;
}

/** Start it and go through `initialize`; throws with its stderr if it ends before. `server` is what it says it is. */
export async function connect(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Client & { readonly server: { readonly name: string; readonly version: string } }> {
  const child = spawn(program, words, { env, stdio: 'pipe' });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {}); // it may be gone
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line);
    const one = waiting.get(id);
    waiting.delete(id);
    if (error) one?.reject(new Error(error.message));
    else one?.resolve(result);
  });
  const exited = once(child, 'close').then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`it ended with exit ${code}: ${stderr}`));
    return code as number | null; // typed as any by `once`
  });
  const send = (message: object) =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request: Client['request'] = (method, params) => {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      send({ id, method, params });
    });
  };
  const clientInfo = { name: 'test', version: '1' };
  const { serverInfo } = await request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo,
  });
  send({ method: 'notifications/initialized' });
  return {
    server: serverInfo,
    request,
    exited,
    end: async () => {
      const startedMs = performance.now();
      child.stdin.end();
      const code = await exited;
      return { code, tookMs: performance.now() - startedMs };
    },
  };
}
