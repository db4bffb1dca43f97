import { ScoutError } from '../../../src/errors.ts';
import type { TestScout } from '../../fixtures/scout.ts';

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

/** What an answer says of the one copy that was asked for. */
export function said(answer: {
  readonly text: string;
  readonly isError: boolean;
  readonly structured: object;
}): Said {
  const { results = [] } = answer.structured as { results?: readonly { resumed_at?: number }[] };
  return { isError: answer.isError, text: answer.text, resumedAt: results[0]?.resumed_at ?? 0 };
}
