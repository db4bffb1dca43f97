import { lookup, Resolver } from 'node:dns/promises';
import { abortReason } from '../../call.ts';

/** What making a host name canonical asks of the name service. */
export interface NameService {
  /** Has the name an address? Never rejects but for the signal's reason. */
  exists(name: string, family: 'any' | 'inet' | 'inet6', signal: AbortSignal): Promise<boolean>;
  /** The name behind all CNAME records; undefined where there is none. */
  canonicalName(name: string, signal: AbortSignal): Promise<string | undefined>;
}

const lookupTimeoutMs = 5_000;
const maxAliases = 8;

/** The system's resolver for addresses, DNS for CNAME records (Node gives no access to AI_CANONNAME). */
export const systemNameService: NameService = {
  exists: (name, family, signal) => bounded(hasAddress(name, family), false, signal),
  canonicalName: (name, signal) => bounded(followAliases(name), undefined, signal),
};

async function hasAddress(name: string, family: 'any' | 'inet' | 'inet6'): Promise<boolean> {
  try {
    await lookup(name, { family: family === 'any' ? 0 : family === 'inet' ? 4 : 6 });
    return true;
  } catch {
    return false;
  }
}

async function followAliases(name: string): Promise<string | undefined> {
  const resolver = new Resolver({ timeout: 1_500, tries: 1 });
  let found: string | undefined;
  for (let hop = 0; hop < maxAliases; hop++) {
    try {
      const [next] = await resolver.resolveCname(found ?? name);
      if (next === undefined) break;
      found = next;
    } catch {
      break;
    }
  }
  return found;
}

/** `otherwise` after five seconds; the signal's reason when it aborts first. */
function bounded<T>(work: Promise<T>, otherwise: T, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => finish(() => reject(abortReason(signal)));
    const timer = setTimeout(() => finish(() => resolve(otherwise)), lookupTimeoutMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(
      (value) => finish(() => resolve(value)),
      () => finish(() => resolve(otherwise)),
    );
  });
}
