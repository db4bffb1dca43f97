/** The rooms of ARCHITECTURE.md and what each may import as a value; `import type` is free everywhere. */

/** Files of src/ that every room may stand on. A new one is added here on purpose, not by accident. */
export const leaves = [
  'audit',
  'call',
  'config',
  'content-type',
  'context',
  'define',
  'denied-by-default',
  'deny-paths',
  'errors',
  'extended-regex',
  'heap-growth',
  'latest-answers',
  'name-pattern',
  'nearest-names',
  'observer',
  'params',
  'path-denied',
  'path-traps',
  'quote',
  'random-hex',
  'remote-text',
  'setting-kinds',
  'settings',
  'since',
  'units',
  'version',
] as const;

type Leaf = (typeof leaves)[number];

export type Room =
  | 'answer'
  | 'cli'
  | 'demo'
  | 'format'
  | 'leaves'
  | 'local'
  | 'mcp'
  | 'observe'
  | 'operations'
  | 'policy'
  | 'prompts'
  | 'redact'
  | 'resources'
  | 'serve'
  | 'ssh'
  | 'tools';

const belowServe = [
  'answer',
  'format',
  'leaves',
  'local',
  'mcp',
  'observe',
  'operations',
  'policy',
  'prompts',
  'resources',
  'ssh',
  'tools',
] as const;

// `errors` is in every list: whatever a room does, it may fail, and there is one kind of error.
export const mayImport: Readonly<Record<Room, readonly (Room | Leaf)[]>> = {
  cli: ['serve', 'demo', ...belowServe],
  demo: ['serve', ...belowServe],
  serve: belowServe,
  mcp: ['answer', 'define', 'errors', 'version'],
  answer: ['tools', 'resources', 'prompts', 'format', 'observe', 'leaves'],
  tools: ['define', 'params', 'operations', 'format', 'errors'],
  resources: ['define', 'params', 'operations', 'format', 'errors'],
  prompts: ['define', 'params', 'operations', 'format', 'errors'],
  operations: ['ssh', 'policy', 'local', 'leaves'],
  policy: ['leaves'],
  ssh: ['leaves'],
  local: ['leaves'],
  format: ['leaves'],
  observe: ['leaves'],
  leaves: ['leaves', 'redact'],
  redact: ['errors'],
};

/** Packages that belong to some directories of src/ only. */
export const packageOwners: Readonly<Record<string, readonly string[]>> = {
  '@modelcontextprotocol/sdk': ['src/mcp/', 'src/demo/'],
  commander: ['src/cli/'],
  diff: ['src/format/'],
  ssh2: ['src/ssh/', 'src/demo/'],
  'ssh-config': ['src/ssh/hosts/'],
  unbash: ['src/policy/'],
};

/**
 * Files of src/ that belong to some directories only: there is one quoting function, for the two makers of shell
 * text, and for the commands that a person is shown: the fix of a host key error, and what `harden` prints.
 */
export const fileOwners: Readonly<Record<string, readonly string[]>> = {
  'src/quote.ts': [
    'src/policy/',
    'src/ssh/shell/',
    'src/ssh/known-hosts/',
    'src/ssh/harden/',
    'src/ssh/wall/',
  ],
};

/** Where serving starts, and what it must not load until somebody needs it. */
export const eagerRoots = ['src/cli/main.ts', 'src/serve.ts'];
export const lazyOnly = ['commander', 'ssh2', 'src/demo/', 'src/observe/otlp/push.ts'];
