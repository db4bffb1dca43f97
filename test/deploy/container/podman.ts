import { spawnSync } from 'node:child_process';
import { run } from '../machine.ts';

const podman = ['--runtime', 'runc'];

/** How docs/container.md runs it, but for the network: none unless the test gives one. */
const hardened = [
  ...['--interactive', '--no-healthcheck', '--read-only', '--read-only-tmpfs=false', '--user=65532:65532'],
  ...['--cap-drop=ALL', '--security-opt=no-new-privileges', '--pids-limit=64', '--memory=256m'],
];

/** Words that run an image so, for `podman`. */
export function runWords(
  image: string,
  more: readonly string[] = [],
  command: readonly string[] = [],
): string[] {
  const network = more.some((word) => word.startsWith('--network')) ? [] : ['--network=none'];
  return [...podman, 'run', '--rm', ...hardened, ...network, ...more, image, ...command];
}

/** Words that start one more process in a running container, as `kubectl exec -i` does. */
export function execWords(container: string, command: readonly string[]): string[] {
  return [...podman, 'exec', '--interactive', container, ...command];
}

/** What podman printed; throws with its message where it failed. */
export function runPodman(...words: readonly string[]): string {
  return run('podman', [...podman, ...words]);
}

/** How it ended and what it said, whatever that is. */
export function tryPodman(words: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync('podman', words, { encoding: 'utf8', input });
  return { status, stdout, stderr };
}
