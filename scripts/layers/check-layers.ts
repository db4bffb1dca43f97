import { findCycles } from './find-cycles.ts';
import { type Import, readSource, type Source } from './read-source.ts';
import { eagerRoots, fileOwners, lazyOnly, leaves, mayImport, packageOwners, type Room } from './rooms.ts';

const longLines = 200;
const mostLines = 300;
const junkDrawers = /^(utils?|helpers?|types|common|misc)$/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Hold files (path from the root of the project → text) against the rules of ARCHITECTURE.md. `problems` are
 * broken rules, `long` the files to think twice about.
 */
export function checkLayers(files: ReadonlyMap<string, string>): { problems: string[]; long: string[] } {
  const sources = [...files].map(([path, text]) => readSource(path, text));
  const problems = sources.flatMap((source) => [
    ...nameProblems(source),
    ...sizeProblems(source),
    ...effectProblems(source),
    ...source.imports.flatMap((found) => importProblems(source.path, found)),
  ]);
  const long = sources
    .filter(({ lines }) => lines > longLines)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  return { problems: [...problems, ...cycleProblems(sources), ...eagerProblems(sources)], long };
}

function nameProblems({ path }: Source): string[] {
  const names = path
    .replace(/(\.d)?\.ts$/, '')
    .split('/')
    .slice(1);
  const bad = [
    ...names
      .filter((name) => junkDrawers.test(name))
      .map((name) => `"${name}" says nothing of what is in it`),
    ...names.filter((name) => !kebabCase.test(name)).map((name) => `"${name}" is not kebab-case`),
    ...(roomOf(path) ? [] : ['is in no room of scripts/layers/rooms.ts']),
  ];
  return bad.map((problem) => `${path}: ${problem}`);
}

function sizeProblems({ path, lines }: Source): string[] {
  return lines > mostLines ? [`${path}: ${lines} lines, more than ${mostLines}: split it`] : [];
}

function effectProblems({ path, effects }: Source): string[] {
  if (roomOf(path) === 'cli') return [];
  const bad = effects.filter(({ handedOver }) => !(handedOver && path === 'src/serve.ts'));
  return bad.map(({ what, line }) => `${path}:${line}: ${what}: only src/cli/ writes to stdout or exits`);
}

function importProblems(from: string, { to, isFile, line }: Import): string[] {
  const at = `${from}:${line}`;
  const owners = packageOwners[to] ?? fileOwners[to];
  if (owners && !owners.some((owner) => from.startsWith(owner))) {
    return [`${at}: imports ${to}, which is for ${owners.join(' and ')} only`];
  }
  if (to === '(computed)') return [`${at}: imports a computed name, which no rule can follow`];
  if (!isFile) return [];
  const room = roomOf(from);
  const other = roomOf(to);
  if (!other) return [`${at}: imports ${to}, outside the rooms`];
  if (!room || room === other) return [];
  const allowed: readonly string[] = mayImport[room];
  if (allowed.includes(other) || (other === 'leaves' && allowed.includes(leafOf(to) ?? ''))) return [];
  return [`${at}: imports ${to}: ${room} may import ${allowed.join(', ')}`];
}

function cycleProblems(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports.map(({ to }) => to)]));
  return findCycles(graph).map((cycle) => `${cycle.join(' → ')}: a circle of imports`);
}

/** What the start of the server reaches without a lazy import. */
function eagerProblems(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const seen = new Set(eagerRoots);
  const problems: string[] = [];
  for (const path of seen) {
    for (const { to, lazy, line } of byPath.get(path)?.imports ?? []) {
      if (lazy) continue;
      const late = lazyOnly.find((name) => (name.endsWith('/') ? to.startsWith(name) : to === name));
      if (late)
        problems.push(`${path}:${line}: imports ${to} at the start of the server: load it with import()`);
      else seen.add(to);
    }
  }
  return problems;
}

function roomOf(path: string): Room | undefined {
  if (path === 'src/serve.ts') return 'serve';
  if (leafOf(path)) return 'leaves';
  const directory = /^src\/([^/]+)\//.exec(path)?.[1];
  const isRoom = directory && directory !== 'serve' && directory !== 'leaves' && directory in mayImport;
  return isRoom ? (directory as Room) : undefined; // a key of mayImport is a Room
}

function leafOf(path: string): string | undefined {
  return leaves.find((leaf) => path === `src/${leaf}.ts`);
}
