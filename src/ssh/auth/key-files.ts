import { type BigIntStats, constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { askPassphrase, askpassProgram } from './askpass.ts';
import { IdentityUnusable } from './identity-unusable.ts';
import { PassphraseNeeded, type PrivateKey, parsePrivateKey } from './private-key.ts';

/** How long a declined passphrase dialog is not opened again. */
const declinedMs = 60_000;
const maxKeyBytes = 1024 * 1024;

interface Loaded {
  readonly version: string;
  readonly key: Promise<PrivateKey>;
  /** On the clock of `performance.now()`; undefined: for as long as the file stays as it is. */
  validUntilMs?: number;
}

/**
 * Private key files, each read and decrypted once until it changes; several connections that want the same
 * encrypted key share one passphrase dialog. One per server.
 */
export class KeyFiles {
  readonly #loaded = new Map<string, Loaded>();
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** A passphrase can be asked for. */
  get canAsk(): boolean {
    return askpassProgram(this.#env) !== undefined;
  }

  /**
   * The private key in `path`. Rejects with IdentityUnusable where there is none, others may read it, or it
   * needs a passphrase that nobody gives. Waits for a dialog as long as the person takes: race it.
   */
  async load(path: string): Promise<PrivateKey> {
    const known = this.#known(path);
    if (known && known.version === (await versionNow(path))) return await known.key;
    const { version, content } = await readKeyFile(path);
    const meanwhile = this.#known(path);
    if (meanwhile?.version === version) return await meanwhile.key;
    const loaded: Loaded = { version, key: this.#decrypt(path, content) };
    this.#loaded.set(path, loaded);
    loaded.key.catch(() => {
      loaded.validUntilMs = performance.now() + declinedMs;
    });
    return await loaded.key;
  }

  #known(path: string): Loaded | undefined {
    const loaded = this.#loaded.get(path);
    const isFresh = loaded?.validUntilMs === undefined || performance.now() < loaded.validUntilMs;
    return isFresh ? loaded : undefined;
  }

  async #decrypt(path: string, content: Buffer): Promise<PrivateKey> {
    try {
      return parsePrivateKey(content);
    } catch (error) {
      if (!(error instanceof PassphraseNeeded)) throw error;
    }
    const program = askpassProgram(this.#env);
    if (program === undefined) throw new IdentityUnusable('needs a passphrase', loadIntoAgent(path));
    const passphrase = await askPassphrase(program, path, this.#env);
    if (passphrase === undefined)
      throw new IdentityUnusable('needs a passphrase, and none was given', loadIntoAgent(path));
    try {
      return parsePrivateKey(content, passphrase);
    } catch (error) {
      if (!(error instanceof PassphraseNeeded)) throw error;
      throw new IdentityUnusable('was given a wrong passphrase', loadIntoAgent(path));
    }
  }
}

/** Another one when anything about the file has changed. */
function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

async function versionNow(path: string): Promise<string | undefined> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  return facts && versionOf(facts);
}

async function readKeyFile(path: string): Promise<{ version: string; content: Buffer }> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a FIFO is not waited for
    try {
      const facts = await handle.stat({ bigint: true });
      if (!facts.isFile() || facts.size > maxKeyBytes) throw new IdentityUnusable('is not a private key');
      refuseOpenPermissions(path, facts.uid, facts.mode);
      return { version: versionOf(facts), content: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof IdentityUnusable) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new IdentityUnusable('does not exist');
    throw new IdentityUnusable(
      `cannot be read (${code})`,
      `Make ${path} readable for the user who runs scout-mcp.`,
    );
  }
}

/** ssh(1) ignores a private key of the user's own that others may access (UNPROTECTED PRIVATE KEY FILE). */
function refuseOpenPermissions(path: string, owner: bigint, mode: bigint): void {
  if (owner !== BigInt(process.getuid?.() ?? -1) || (mode & 0o077n) === 0n) return;
  const bits = (mode & 0o777n).toString(8).padStart(4, '0');
  throw new IdentityUnusable(`has permissions ${bits} that let others use it`, `Run \`chmod 600 ${path}\`.`);
}

function loadIntoAgent(path: string): string {
  return `Load the key into ssh-agent: \`ssh-add ${path}\`.`;
}
