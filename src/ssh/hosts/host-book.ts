import { asScoutError, ScoutError } from '../../errors.ts';
import { ConfigSnapshot } from './config-snapshot.ts';
import { DirectoryWatch } from './directory-watch.ts';
import { effectiveSettings, type Given } from './effective-settings.ts';
import { findRefusal, type ListedHost, listHosts } from './host-listing.ts';
import { collectHostNames, type HostNames } from './host-names.ts';
import { isAllowed, selectHosts } from './host-selection.ts';
import { formatJumps } from './jump-spec.ts';
import { type LocalSystem, localSystem } from './local-system.ts';
import { type NameService, systemNameService } from './name-service.ts';
import { isSafeHostName, isSafeUserName } from './safe-names.ts';
import type { HostSettings, JumpSpec } from './settings.ts';
import { runInShell } from './shell-command.ts';
import type { Source } from './source.ts';

export type { ListedHost } from './host-listing.ts';

export interface HostBookOptions {
  /** Used alone, as `ssh -F` does; undefined: ~/.ssh/config, then /etc/ssh/ssh_config. */
  readonly configFile?: string | undefined;
  /** Hosts that exist for this server; `!` excludes; empty: all. */
  readonly patterns: readonly string[];
  /** False: `Match exec` never runs and never matches. */
  readonly matchExec: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly homeDir: string;
  /** The system's where left out. */
  readonly nameService?: NameService;
}

/** What one state of the files says of hosts. */
interface View {
  readonly snapshot: ConfigSnapshot;
  readonly names: HostNames;
  /** Of listed aliases, where they depend on nothing but the files. */
  readonly settings: Map<string, HostSettings>;
  listing?: Promise<readonly ListedHost[]>;
}

/**
 * The hosts of the ssh configuration. Nothing is read before the first question or `begin`. Afterwards `list` and `select`, with
 * which a call begins, look by stat(2) whether a file changed, and read again what did; `resolve` goes by what they
 * saw, for a call may name hundreds of hosts, and the configuration may be in as many files.
 */
export class HostBook {
  readonly #options: HostBookOptions;
  readonly #listeners = new Set<() => void>();
  #system: LocalSystem | undefined;
  #view: View | undefined;
  /** What the files held when they were last read, also where ssh refuses them. */
  #contents: string | undefined;
  #watch: DirectoryWatch | undefined;

  constructor(options: HostBookOptions) {
    this.#options = options;
  }

  /**
   * The aliases that exist for this server, in file order. No command runs, no name is looked up. Where ssh refuses the
   * files each alias says so; where there is none, it rejects with that: ScoutError `invalid_argument`.
   */
  async list(): Promise<readonly ListedHost[]> {
    const view = this.#current();
    const { aliases } = view.names;
    const source = this.#source(view.snapshot);
    const refusal = aliases.length === 0 ? await findRefusal(source) : undefined;
    if (refusal) throw refusal;
    view.listing ??= listHosts(aliases, source);
    return view.listing;
  }

  /** Whether a name is an alias that the configuration, as it was last read, has for this server. */
  isListed(name: string): boolean {
    return this.#view?.names.aliases.includes(name) ?? false;
  }

  /**
   * The hosts that an expression names (`web*,!web3`). Rejects with ScoutError `invalid_argument`, also for a name that
   * is not there where ssh refuses the files, or, with the nearest names as its fix, `unknown_host`.
   */
  async select(expression: string): Promise<readonly string[]> {
    const { patterns } = this.#options;
    const view = this.#current();
    try {
      return selectHosts(expression, view.names, (name) => isAllowed(name, patterns));
    } catch (thrown) {
      const error = asScoutError(thrown);
      throw (error.code === 'unknown_host' && (await findRefusal(this.#source(view.snapshot)))) || error;
    }
  }

  /**
   * The effective settings of one name, as `ssh -G` gives them; the only question that may run `Match exec` and
   * ask the name service. Rejects with ScoutError `invalid_argument` for what ssh refuses, `dns_failed`, or the
   * signal's reason.
   */
  async resolve(alias: string, signal: AbortSignal): Promise<HostSettings> {
    return this.#resolve(alias, {}, signal);
  }

  /**
   * The effective settings of a hop. `through` are the hops before it in the same ProxyJump, which `ssh -J` puts
   * in the place of the hop's own ProxyJump; with none, its own counts. SCOUT_HOSTS does not apply to hops.
   */
  async resolveJump(
    spec: JumpSpec,
    signal: AbortSignal,
    through: readonly JumpSpec[] = [],
  ): Promise<HostSettings> {
    const { user, port } = spec;
    const host = spec.host.replace(/^"(.*)"$/, '$1'); // the shell by which ssh starts its own jump takes them away
    if (user !== undefined && !isSafeUserName(user)) throw refusedName('user', user);
    const proxyJump = through.length > 0 ? { proxyJump: formatJumps(through) } : {};
    return this.#resolve(
      host,
      { ...(user !== undefined && { user }), ...(port !== undefined && { port }), ...proxyJump },
      signal,
    );
  }

  /**
   * Hear of it when the configuration has changed since the last question: the next question sees it, or a watch
   * on its directories, which starts with `begin` or the first question and does not keep the process alive.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#watch ??= new DirectoryWatch(() => this.#look());
    if (this.#view) this.#watch.follow(this.#view.snapshot.directories());
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stopWatching();
    };
  }

  /** Read the files though nobody asked yet, to hear of changes, of those since `startedMs` as well. */
  begin(startedMs: number): void {
    if (this.#contents !== undefined) return;
    this.#look();
    if (this.#view?.snapshot.isAfter(startedMs)) this.#tell();
  }

  close(): void {
    this.#listeners.clear();
    this.#stopWatching();
  }

  async #resolve(alias: string, given: Given, signal: AbortSignal): Promise<HostSettings> {
    if (!isSafeHostName(alias)) throw refusedName('host', alias);
    const { settings, names, snapshot } = this.#view ?? this.#current();
    const isPlain = Object.keys(given).length === 0;
    const known = isPlain ? settings.get(alias) : undefined;
    if (known) return known;
    const { matchExec, env, nameService = systemNameService } = this.#options;
    const runCommand = matchExec ? (command: string) => runInShell(command, env, signal) : undefined;
    const source = { ...this.#source(snapshot), runCommand, nameService };
    const found = await effectiveSettings(alias, given, source, signal);
    if (isPlain && names.aliases.includes(alias) && snapshot.saysAll()) settings.set(alias, found);
    return found;
  }

  /** What the files say now. Throws ScoutError where the first of them is refused. */
  #current(): View {
    const before = this.#view;
    if (before?.snapshot.isCurrent()) return before;
    this.#system ??= localSystem(this.#options.env);
    const snapshot = new ConfigSnapshot(this.#system, before?.snapshot);
    try {
      const { aliases, wildcards } = collectHostNames(this.#source(snapshot));
      const allowed = aliases.filter((alias) => isAllowed(alias, this.#options.patterns));
      const view = {
        snapshot,
        names: { aliases: allowed, wildcards },
        settings: new Map<string, HostSettings>(),
      };
      this.#view = view;
      return view;
    } finally {
      this.#wasRead(snapshot);
    }
  }

  /** Also where ssh refuses the files: that is a change as well, and so is their being mended. */
  #wasRead(snapshot: ConfigSnapshot): void {
    const before = this.#contents;
    this.#contents = snapshot.contents();
    this.#watch?.follow(snapshot.directories());
    if (before !== undefined && before !== this.#contents) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #source(snapshot: ConfigSnapshot): Source {
    this.#system ??= localSystem(this.#options.env);
    const { homeDir, env, configFile } = this.#options;
    const system = this.#system;
    return { snapshot, system, homeDir, env, configFile, runCommand: undefined, nameService: undefined };
  }

  /** Look whether something changed. */
  #look(): void {
    // a directory that was missing may be there now, with no file in it yet
    if (this.#view) this.#watch?.follow(this.#view.snapshot.directories());
    try {
      this.#current();
    } catch {
      // what ssh refuses is reported by the next question
    }
  }

  #stopWatching(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }
}

function refusedName(what: 'host' | 'user', name: string): ScoutError {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  return new ScoutError(
    'invalid_argument',
    `ssh does not accept the ${what} name ${shown}`,
    `Use a ${what} name without blanks, quotes and characters that a shell reads.`,
  );
}
