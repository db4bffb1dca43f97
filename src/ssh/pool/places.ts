import { abortReason } from '../../call.ts';
import type { ScoutError } from '../../errors.ts';
import type { OnWait } from './channel-queue.ts';
import type { Pooled } from './pooled.ts';

interface Waiter {
  readonly key: string;
  readonly sinceMs: number;
  readonly create: () => Pooled;
  readonly grant: (place: Pooled) => void;
  readonly reject: (reason: ScoutError) => void;
}

/** Who waits longer than this for a place gets one before further calls to a connection that is open anyway. */
const patienceMs = 1_000;

/** The connections there are, by key, and the first-come queue of those who wait for room for one more. */
export class Places {
  readonly #capacity: number;
  readonly #evict: (place: Pooled) => void;
  readonly #pooled = new Map<string, Pooled>();
  readonly #waiters: Waiter[] = [];
  /** Connections whose further callers queue, so that they become idle. */
  readonly #draining = new Set<Pooled>();

  /** `evict` closes a connection that is already taken out. */
  constructor(capacity: number, evict: (place: Pooled) => void) {
    this.#capacity = capacity;
    this.#evict = evict;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  all(): readonly Pooled[] {
    return [...this.#pooled.values()];
  }

  get(key: string): Pooled | undefined {
    const place = this.#pooled.get(key);
    return place?.isUsable ? place : undefined;
  }

  /** The connection with this key, held as a jump: no room is asked for. */
  claimJump(key: string, create: () => Pooled): Pooled {
    return (this.get(key) ?? this.#add(create())).hold('jump');
  }

  /**
   * The connection with this key, held as a target: waits until there is room. Rejects with the signal's reason,
   * or as `end` says.
   */
  async claimTarget(key: string, signal: AbortSignal, create: () => Pooled, onWait: OnWait): Promise<Pooled> {
    if (signal.aborted) throw abortReason(signal);
    const place = this.get(key);
    if (place?.counted && !this.#mustDrain(place)) return place.hold('target');
    if (this.#waiters.length === 0 && this.#makeRoom()) return this.#count(key, create);
    const waited = onWait(signal);
    return await new Promise((resolve, reject) => {
      const leave = () => {
        waited?.();
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(abortReason(signal));
        this.serve();
      };
      const settled = () => {
        waited?.();
        signal.removeEventListener('abort', leave);
      };
      const waiter: Waiter = {
        key,
        sinceMs: performance.now(),
        create,
        grant: (granted) => {
          settled();
          resolve(granted);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
    });
  }

  /** Take a connection out; whoever uses it goes on. */
  remove(place: Pooled): void {
    this.#takeOut(place);
    this.serve();
  }

  /** Something became idle or went: let the next in, each with those who wait for the same connection. */
  serve(): void {
    for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
      const { key, create } = waiter;
      if (!this.get(key)?.counted && !this.#makeRoom()) return;
      for (const same of this.#waiters.filter((each) => each.key === key)) {
        this.#waiters.splice(this.#waiters.indexOf(same), 1);
        same.grant(this.#count(key, create));
      }
      this.#draining.clear();
    }
  }

  /** Nobody is let in any more: whoever waits is rejected with `reason`. */
  end(reason: ScoutError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(reason);
  }

  #count(key: string, create: () => Pooled): Pooled {
    const place = this.get(key) ?? this.#add(create());
    place.counted = true;
    return place.hold('target');
  }

  #add(place: Pooled): Pooled {
    this.#pooled.set(place.key, place);
    return place;
  }

  /** A host that is asked without a pause must not keep its place for ever while another waits for one. */
  #mustDrain(place: Pooled): boolean {
    const first = this.#waiters[0];
    if (first && performance.now() - first.sinceMs > patienceMs) this.#draining.add(place);
    return this.#draining.has(place);
  }

  /**
   * Whether there is room for one more, after closing the least recently used idle connection if need be. One
   * that others run through is not closed: it becomes a jump, which is not counted.
   */
  #makeRoom(): boolean {
    const counted = this.all().filter((place) => place.counted && place.isUsable);
    if (counted.length < this.#capacity) return true;
    const idle = counted.filter((place) => place.isIdle).sort((a, b) => a.lastUsedMs - b.lastUsedMs)[0];
    if (!idle) return false;
    if (idle.isJump) {
      idle.counted = false;
    } else {
      this.#takeOut(idle);
      this.#evict(idle);
    }
    return true;
  }

  #takeOut(place: Pooled): void {
    this.#draining.delete(place);
    if (this.#pooled.get(place.key) === place) this.#pooled.delete(place.key);
  }
}
