/** Programs without which files cannot be read through the shell. */
export const neededTools = ['cat', 'find', 'grep', 'head', 'ls', 'sort', 'stat', 'tail', 'wc'] as const;

/** Programs that answer more questions where they are. */
const usefulTools = [
  ...[
    'df',
    'docker',
    'du',
    'file',
    'getent',
    'journalctl',
    'jq',
    'lsof',
    'ps',
    'rg',
    'ss',
    'systemctl',
    'tree',
  ],
  ...['zfs'],
] as const;

/**
 * POSIX shell text that only looks: the system's name, who the account is, and which programs there are. One fact
 * a line: `system NAME`, `uid NUMBER`, `groups NAME…`, `has NAME…`, `lacks NAME…`.
 */
export const lookScript = [
  'h=; l=',
  `for t in ${[...neededTools, ...usefulTools].join(' ')}`,
  'do if command -v $t >/dev/null 2>&1; then h="$h $t"; else l="$l $t"; fi; done',
  'echo "system $(uname -sr)"; echo "uid $(id -u)"; echo "groups $(id -Gn)"; echo "has$h"; echo "lacks$l"',
].join('\n');

/** What `lookScript` has found. */
export interface Surroundings {
  readonly system: string;
  /** Undefined where the machine did not say. */
  readonly uid: number | undefined;
  readonly groups: readonly string[];
  readonly has: readonly string[];
  readonly lacks: readonly string[];
}

/** Read the output of `lookScript`. */
export function readSurroundings(output: string): Surroundings {
  const value = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(output)?.[1]?.trim() ?? '';
  const words = (name: string) =>
    value(name)
      .split(/\s+/)
      .filter((word) => word !== '');
  const uid = value('uid');
  return {
    system: value('system'),
    uid: /^\d+$/.test(uid) ? Number(uid) : undefined,
    groups: words('groups'),
    has: words('has'),
    lacks: words('lacks'),
  };
}
