import { spawnSync } from 'node:child_process';

/** Debian package of each command that these runs need. */
const packages = {
  buildah: 'buildah',
  podman: 'podman',
  runc: 'runc',
  conmon: 'conmon',
  mmdebstrap: 'mmdebstrap',
  nft: 'nftables',
  ip: 'iproute2',
  unzip: 'unzip',
  docker: 'docker.io',
  dockerd: 'docker.io',
  'docker-compose': 'docker-compose',
} as const;

export type Command = keyof typeof packages;

/** Install what is missing; throws with what to do where that is not possible. */
export function needCommands(...wanted: readonly Command[]): void {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0)
    throw new Error(
      'This run makes network namespaces and containers: it wants Linux on x64, and root (sudo, or a privileged container).',
    );
  const missing = () => wanted.filter((command) => !isThere(command)).map((command) => packages[command]);
  const names = missing();
  if (names.length === 0) return;
  if (isThere('apt-get')) {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
    });
  }
  const still = missing();
  if (still.length > 0) throw new Error(`This run needs: apt-get install -y ${still.join(' ')}`);
}

function isThere(command: string): boolean {
  return spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${command}`]).status === 0;
}

/** What a program printed on stdout; throws with what it said on stderr. */
export function run(
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  const ended = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
  if (ended.status === 0) return ended.stdout;
  const why = ended.error?.message ?? `exit ${ended.status ?? ended.signal}`;
  throw new Error(`${program} ${words.join(' ')}: ${why}\n${ended.stdout ?? ''}${ended.stderr ?? ''}`);
}
