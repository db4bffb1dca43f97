import { keyTypeOf } from '../known-hosts/public-key.ts';
import type { Identity, IdentityOutcome, Signer } from './identity.ts';
import { IdentityUnusable, LeftToOpenssh } from './identity-unusable.ts';
import {
  chooseSignatureAlgorithm,
  isKeyTypeAccepted,
  type SignatureAlgorithm,
} from './signature-algorithm.ts';

/** How a login speaks to the server; `Ssh2Userauth` is the one there is. */
export interface Userauth {
  readonly announced: readonly string[] | undefined;
  probe(blob: Buffer, algorithm: SignatureAlgorithm): void;
  dataToSign(blob: Buffer, algorithm: SignatureAlgorithm): Buffer;
  sendSigned(blob: Buffer, algorithm: SignatureAlgorithm, signature: Buffer): void;
  none(): void;
}

/** One identity on its way through a login. */
export interface Attempt {
  readonly identity: Identity;
  /** Of the key or certificate, as far as it could be read. */
  blob: Buffer | undefined;
  outcome: IdentityOutcome;
  fix: string | undefined;
}

interface Current {
  readonly attempt: Attempt;
  readonly blob: Buffer;
  readonly algorithm: SignatureAlgorithm;
  probing: boolean;
}

/**
 * The publickey method of RFC 4252 over a list of identities, one after another: the first request is already
 * signed, so that a good key costs one round trip; a probe is sent first only where signing may bother a person.
 * The method `none` comes last: it is for servers that let anybody in.
 */
export class Login {
  readonly attempts: readonly Attempt[];
  readonly #accepted: readonly string[] | undefined;
  readonly #signal: AbortSignal;
  #queue: Attempt[];
  #current: Current | undefined;
  #triedNone = false;
  /** What the server last said that it would take. */
  serverMethods: readonly string[] | undefined;
  /** Why an identity was passed over that the installed ssh may log in with. */
  leftToOpenssh: LeftToOpenssh | undefined;

  constructor(identities: readonly Identity[], accepted: readonly string[] | undefined, signal: AbortSignal) {
    this.attempts = identities.map((identity) => ({
      identity,
      blob: identity.blob,
      outcome: 'not tried',
      fix: undefined,
    }));
    this.#queue = [...this.attempts];
    this.#accepted = accepted;
    this.#signal = signal;
  }

  /** True once a request was sent. */
  get started(): boolean {
    return (
      this.#triedNone ||
      this.attempts.some(({ outcome }) => !/^(not tried|skipped)/.test(outcome)) ||
      !!this.#current
    );
  }

  /** The server refused the last request, or took it and wants a further one (`partial`). */
  refused(methods: readonly string[] | undefined, partial: boolean): void {
    this.serverMethods = methods;
    const { attempt } = this.#current ?? {};
    this.#current = undefined;
    if (!attempt) return;
    attempt.outcome = partial ? 'accepted, but the server wants more' : 'refused by the server';
    // After a first factor every other key may be the second one, also one that was refused before.
    if (partial) this.#queue = this.attempts.filter(({ outcome }) => /^(not tried|refused)/.test(outcome));
  }

  succeeded(): void {
    if (this.#current) this.#current.attempt.outcome = 'accepted';
  }

  /** Send the next request; false when nothing is left to try. Rejects with the signal's reason. */
  async next(userauth: Userauth): Promise<boolean> {
    const mayTryKeys = this.serverMethods?.includes('publickey') ?? true;
    while (mayTryKeys && this.#queue.length > 0) {
      const attempt = this.#queue.shift();
      if (attempt && (await this.#try(attempt, userauth))) return true;
    }
    if (this.#triedNone) return false;
    this.#triedNone = true;
    userauth.none();
    return true;
  }

  /** The server would take the probed key: sign, or go on as `next` does. */
  async probed(userauth: Userauth): Promise<boolean> {
    const current = this.#current;
    if (!current?.probing) return true; // nothing was asked: a server that says so twice gets one signature only
    current.probing = false;
    const { attempt } = current;
    const signer = await this.#guard(attempt, () => attempt.identity.open(this.#signal));
    if (signer && (await this.#sign(current, signer, userauth))) return true;
    this.#current = undefined;
    return await this.next(userauth);
  }

  async #try(attempt: Attempt, userauth: Userauth): Promise<boolean> {
    const { identity } = attempt;
    // as ssh(1): what may not be tried is not opened, and what is wrong with it does not matter
    if (identity.blob && !this.#algorithm(attempt, identity.blob, userauth)) return false;
    const probing = identity.probeFirst && identity.blob !== undefined;
    const signer = probing ? undefined : await this.#guard(attempt, () => identity.open(this.#signal));
    const blob = signer?.blob ?? identity.blob;
    if (!blob || (!probing && !signer)) return false;
    attempt.blob = blob;
    const algorithm = this.#algorithm(attempt, blob, userauth);
    if (!algorithm) return false;
    const current: Current = { attempt, blob, algorithm, probing };
    this.#current = current;
    if (signer) {
      if (await this.#sign(current, signer, userauth)) return true;
      this.#current = undefined;
      return false;
    }
    userauth.probe(blob, algorithm);
    return true;
  }

  #algorithm(attempt: Attempt, blob: Buffer, { announced }: Userauth): SignatureAlgorithm | undefined {
    const type = keyTypeOf(blob);
    const algorithm = chooseSignatureAlgorithm(type, this.#accepted, announced);
    if (algorithm) return algorithm;
    attempt.outcome = isKeyTypeAccepted(type, this.#accepted)
      ? 'skipped: the server takes no signature algorithm that is allowed for it'
      : 'skipped: PubkeyAcceptedAlgorithms does not allow its type';
    return undefined;
  }

  async #sign(current: Current, signer: Signer, userauth: Userauth): Promise<boolean> {
    const { attempt, blob, algorithm } = current;
    const data = userauth.dataToSign(blob, algorithm);
    const signature = await this.#guard(attempt, () => signer.sign(data, algorithm.signature, this.#signal));
    if (signature) userauth.sendSigned(blob, algorithm, signature);
    return signature !== undefined;
  }

  /** What `work` gives; undefined, with the reason noted, where the identity turns out to be unusable. */
  async #guard<T>(attempt: Attempt, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof IdentityUnusable)) throw error;
      attempt.outcome = `skipped: ${error.message}`;
      attempt.fix = error.fix;
      if (error instanceof LeftToOpenssh) this.leftToOpenssh = error;
      return undefined;
    }
  }
}
