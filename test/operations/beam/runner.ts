import { ScoutError } from '../../../src/errors.ts';
import type { TestScout } from '../../fixtures/scout.ts';
import { type RunningServer, startServer } from '../../fixtures/server.ts';

/** What came of a copy. */
export interface Said {
  readonly isError: boolean;
  readonly text: string;
  readonly resumedAt: number;
}

/** Something that copies, and can be stopped. */
export interface Runner {
  /** Undefined where it was cancelled or killed before it could answer. */
  beam(args: object): Promise<Said | undefined>;
  /** Cancel what runs. */
  cancel(): void;
  stop(): Promise<void>;
}

/** In this process. */
export function inProcess(scout: TestScout): Runner {
  let controller = new AbortController();
  return {
    async beam(args) {
      controller = new AbortController();
      try {
        return said(await scout.call('scout_beam', args, { signal: controller.signal }));
      } catch (error) {
        if (controller.signal.aborted) return undefined;
        throw error;
      }
    },
    cancel: () => controller.abort(new ScoutError('cancelled', 'cancelled', 'Call again.')),
    stop: () => scout.close(),
  };
}

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

function said(answer: {
  readonly text: string;
  readonly isError: boolean;
  readonly structured: object;
}): Said {
  const { results = [] } = answer.structured as { results?: readonly { resumed_at?: number }[] };
  return { isError: answer.isError, text: answer.text, resumedAt: results[0]?.resumed_at ?? 0 };
}
