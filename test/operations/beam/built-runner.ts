import { type RunningServer, startServer } from '../../fixtures/server.ts';
import { type Runner, said } from './runner.ts';

export interface BuiltRunner extends Runner {
  /** SIGKILL; the next copy starts another process. */
  kill(): void;
}

/** The built program, as a client starts it. */
export function builtProgram(sshConfig: string, settings: Readonly<Record<string, string>>): BuiltRunner {
  let running: Promise<RunningServer> | undefined;
  let current: RunningServer | undefined;
  let cancelled = () => {};
  let id = 1_000;
  return {
    async beam(args) {
      running ??= startServer(sshConfig, { SCOUT_BEAM: 'on', ...settings });
      const server = await running;
      current = server;
      id += 1;
      const params = { name: 'scout_beam', arguments: args };
      const reply = await Promise.race([
        server.request('tools/call', params, id),
        server.exited.then(() => undefined),
        new Promise<undefined>((resolve) => {
          cancelled = () => resolve(undefined);
        }),
      ]);
      if (!reply) return undefined;
      if (reply.error) throw new Error(reply.error.message);
      const { content, structuredContent, isError = false } = reply.result;
      return said({ text: content[0].text, structured: structuredContent, isError });
    },
    cancel() {
      current?.notify('notifications/cancelled', { requestId: id });
      cancelled();
    },
    kill() {
      current?.child.kill('SIGKILL');
      current = undefined;
      running = undefined;
    },
    async stop() {
      await (await running)?.stop();
    },
  };
}
