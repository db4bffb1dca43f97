import type { Audit, AuditStep, CallAudit } from '../audit.ts';
import type { Context } from '../context.ts';
import type { AskedVariable, Completions, Prompt, Resource } from '../define.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import { completeHosts } from '../resources/complete-hosts.ts';
import { beginCall, type Caller, newCallId } from './begin-call.ts';
import type { Stop } from './stop.ts';

/** A person waits for it between two keys. */
const limitMs = 2_000;

/**
 * Values that begin with what was typed, best first. What fails, or takes too long, is no values: a completion is
 * a convenience. Only what asks a machine is in the audit log.
 */
export async function complete(
  offer: { readonly resources: readonly Resource[]; readonly prompts: readonly Prompt[] },
  context: Context,
  of: { readonly template: string } | { readonly prompt: string },
  asked: AskedVariable,
  caller: Caller,
  stop: Stop,
  audit?: Audit,
): Promise<Completions> {
  if ('prompt' in of) {
    const prompt = offer.prompts.find(({ name }) => name === of.prompt);
    if (!prompt?.arguments.some(({ name }) => name === asked.variable)) return { values: [] };
    return await orNothing(() => completeHosts(context, asked));
  }
  const resource = offer.resources.find(({ uri }) => uri === of.template);
  const values = resource?.complete;
  if (!values) return { values: [] };
  const id = newCallId();
  const lazy = audit && lazyAudit(audit, id, of.template);
  return await orNothing(async () => {
    try {
      const found = await beginCall(caller, stop, limitMs, (call) => values(context, asked, call), {
        id,
        audit: lazy,
      });
      lazy?.end({ outcome: 'ok', bytes: Buffer.byteLength(found.values.join('')) });
      return found;
    } catch (thrown) {
      lazy?.end({ outcome: asScoutError(thrown).code, bytes: 0 });
      throw thrown;
    }
  });
}

/** Announces the call with the first thing that is done on a host. */
function lazyAudit(audit: Audit, id: string, resource: string): CallAudit & AuditStep {
  let begun: ReturnType<Audit['begin']> | undefined;
  let isOver = false;
  return {
    onHost: (host, action) => {
      if (isOver) throw new ScoutError('cancelled', 'the completion is over', 'Type on.');
      begun ??= audit.begin(id, { resource });
      return begun.onHost(host, action);
    },
    end: (outcome) => {
      isOver = true;
      begun?.end(outcome);
    },
  };
}

async function orNothing(work: () => Promise<Completions>): Promise<Completions> {
  try {
    return await work();
  } catch {
    return { values: [] };
  }
}
