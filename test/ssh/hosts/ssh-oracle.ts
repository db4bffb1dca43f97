import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { HostBook, type HostBookOptions } from '../../../src/ssh/hosts/host-book.ts';
import type { NameService } from '../../../src/ssh/hosts/name-service.ts';
import { makeQuickDirectory } from '../../fixtures/quick-files.ts';

/** Files below ~/.ssh by their relative path. */
export type ConfigFiles = Readonly<Record<string, string>>;

export interface Lookup {
  readonly files: ConfigFiles;
  readonly host: string;
  /** Further words of the command line, without blanks inside. */
  readonly options?: readonly string[];
}

/** Files and the hosts that are looked up in them. */
export interface CorpusCase {
  readonly name: string;
  readonly files: ConfigFiles;
  readonly hosts: readonly string[];
  /** Older clients do not know it: 904 is OpenSSH 9.4. */
  readonly since?: number;
}

/** What `ssh -G` says: keyword → values, or the error it ends with. */
export type Answer = { readonly values: ReadonlyMap<string, readonly string[]> } | { readonly error: string };

/** What each side says where nothing is configured; the two differ between versions and builds of ssh. */
export interface Defaults {
  readonly ssh: ReadonlyMap<string, readonly string[]>;
  readonly ours: ReadonlyMap<string, readonly string[]>;
}

/** Names that exist for ssh and for us: address, canonical name, other names. */
const nameTable: readonly (readonly [string, string, ...string[]])[] = [
  ['10.9.8.1', 'web1.lan.test'],
  ['10.9.8.2', 'real.lan.test', 'alias.lan.test'],
  ['10.9.8.3', 'bare'],
];

/** The table above as a name service. */
const labNames: NameService = {
  exists: async (name, family) => family !== 'inet6' && rowOf(name) !== undefined,
  canonicalName: async (name) => rowOf(name)?.[1],
};

function rowOf(name: string): readonly [string, string, ...string[]] | undefined {
  return nameTable.find((row) => row.slice(1).includes(name.replace(/\.$/, '')));
}

/**
 * The installed ssh as the judge. It takes the home directory from the user database, so it runs in a mount
 * namespace of its own where that database says a temporary directory; nothing outside changes.
 */
export class SshOracle {
  readonly homeDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #root = makeQuickDirectory('scout-oracle-');
  readonly #ssh: string;

  constructor(ssh = process.env.SCOUT_TEST_SSH || 'ssh') {
    this.#ssh = ssh;
    this.homeDir = join(this.#root, 'home');
    mkdirSync(this.homeDir, { mode: 0o700 });
    this.env = {
      PATH: process.env.PATH,
      HOME: this.homeDir,
      SHELL: '/bin/sh',
      LAB_NAME: 'lab',
      LAB_SOCKET: '/run/lab.sock',
      SSH_AUTH_SOCK: '/run/agent.sock',
    };
    this.#writeEtc(join(this.#root, 'etc'));
  }

  /**
   * An /etc of its own, as a directory: a file that is mounted over one in /etc would come off when somebody
   * replaces that file, as useradd does with passwd.
   */
  #writeEtc(directory: string): void {
    mkdirSync(directory);
    for (const name of [
      'group',
      'nsswitch.conf',
      'services',
      'ld.so.cache',
      'host.conf',
      'gai.conf',
      'debian_version',
    ]) {
      if (existsSync(`/etc/${name}`)) copyFileSync(`/etc/${name}`, join(directory, name));
    }
    mkdirSync(join(directory, 'ssh'));
    for (const name of ['ssh_config', 'ssh_config.d']) {
      if (existsSync(`/etc/ssh/${name}`))
        cpSync(`/etc/ssh/${name}`, join(directory, 'ssh', name), { recursive: true });
    }
    const { username, uid, gid } = userInfo();
    const self = (as: string, ids: string) => `${as}:x:${ids}::${this.homeDir}:/bin/sh\n`;
    const others = readFileSync('/etc/passwd', 'utf8').replace(
      new RegExp(`^(root|${username}):.*\n`, 'gm'),
      '',
    );
    const passwd = `${self(username, `${uid}:${gid}`)}${self('root', '0:0')}${others}`;
    writeFileSync(join(directory, 'passwd'), passwd);
    const names = nameTable.map(
      ([address, ...own]) => `${address} ${own.flatMap((name) => [name, `${name}.`]).join(' ')}`,
    );
    writeFileSync(join(directory, 'hosts'), `127.0.0.1 localhost\n${names.join('\n')}\n`);
    writeFileSync(join(directory, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  }

  /** Our answer for the same files; the files are in place as the home directory's until the next call. */
  book(files: ConfigFiles, options: Partial<HostBookOptions> = {}): HostBook {
    this.#use(this.#write(files));
    return new HostBook({
      patterns: [],
      matchExec: true,
      env: this.env,
      homeDir: this.homeDir,
      nameService: labNames,
      ...options,
    });
  }

  /** The version as a number that compares: 9.2 is 902. */
  version(): number {
    const asked = spawnSync(this.#ssh, ['-V'], { encoding: 'utf8' });
    const [, major, minor] = /^OpenSSH_(\d+)\.(\d+)/.exec(asked.stderr) ?? [];
    return Number(major) * 100 + Number(minor);
  }

  /** What ssh and we say of a host that no configuration of the user speaks of. */
  async defaults(): Promise<Defaults> {
    const [answer] = this.ask([{ files: { config: '' }, host: 'defaults' }]);
    if (!answer || 'error' in answer) throw new Error(`ssh has no defaults: ${answer?.error}`);
    const ours = await this.book({ config: '' }).resolve('defaults', AbortSignal.timeout(5_000));
    return { ssh: answer.values, ours: ours.all };
  }

  /** The answers of the installed ssh, in the order of the lookups, by one process. */
  ask(lookups: readonly Lookup[]): readonly Answer[] {
    const list = lookups
      .map(({ files, host, options }) => `${this.#write(files)}\t${host}\t${(options ?? []).join(' ')}\n`)
      .join('');
    const script = `mount --bind "$1/etc" /etc || exit 99
      while IFS="	" read -r dir host options; do
        ln -sfn "$dir" "$1/home/.ssh"
        "$2" -G $options -- "$host" >"$1/out" 2>"$1/err" </dev/null; code=$?
        printf '\\036%s\\n' "$code"; if [ $code = 0 ]; then cat "$1/out"; else cat "$1/err"; fi
      done`;
    const isRoot = process.getuid?.() === 0;
    const unshare = isRoot ? ['-m'] : ['-Urm'];
    const asked = spawnSync('unshare', [...unshare, 'sh', '-c', script, 'sh', this.#root, this.#ssh], {
      input: list,
      env: this.env,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 ** 2,
    });
    if (asked.status !== 0) throw new Error(`the oracle cannot run: ${asked.stderr}`);
    return asked.stdout.split('\x1e').slice(1).map(parseAnswer);
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #written = 0;

  #write(files: ConfigFiles): string {
    const directory = join(this.#root, 'cases', String(this.#written++));
    for (const [path, text] of Object.entries(files)) {
      const full = join(directory, path);
      mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
      writeFileSync(full, text, { mode: 0o600 });
    }
    return directory;
  }

  #use(directory: string): void {
    const link = join(this.homeDir, '.ssh');
    try {
      unlinkSync(link);
    } catch {
      // the first one
    }
    symlinkSync(directory, link);
  }
}

function parseAnswer(block: string): Answer {
  const end = block.indexOf('\n');
  const text = block.slice(end + 1);
  if (block.slice(0, end) !== '0') return { error: text.trim() };
  const values = new Map<string, string[]>();
  for (const line of text.trimEnd().split('\n')) {
    const space = line.indexOf(' ');
    const name = (space < 0 ? line : line.slice(0, space)).toLowerCase();
    values.set(name, [...(values.get(name) ?? []), space < 0 ? '' : line.slice(space + 1)]);
  }
  return { values };
}
