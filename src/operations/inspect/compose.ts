import { ScoutError } from '../../errors.ts';
import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { type Container, type ListedContainer, listContainers, withStates } from './docker.ts';

export interface Project {
  readonly project: string;
  readonly services: number;
  readonly running: number;
  readonly containers: number;
  readonly files: readonly string[];
  readonly directory: string;
}

export interface Projects {
  readonly what: 'compose';
  readonly projects: readonly Project[];
  readonly unread: number;
}

/** A compose file as it is on the machine, or why it is not shown. */
export interface ComposeFile {
  readonly path: string;
  readonly content?: string | undefined;
  readonly problem?: string | undefined;
}

export interface ProjectDetail {
  readonly what: 'project';
  readonly project: string;
  readonly directory: string;
  readonly containers: readonly Container[];
  readonly files: readonly ComposeFile[];
}

const mostFiles = 8;
/** PATH_MAX of Linux. */
const longestPath = 4_096;

/**
 * The projects that have containers, by the labels that compose writes: they say what `docker compose ls` would,
 * which has no other source, and are also there where the plugin is missing or it was docker-compose 1.
 */
export async function lookAtCompose(machine: Machine): Promise<Projects> {
  const { containers, unread } = await listContainers(machine);
  const projects = new Map<string, ListedContainer[]>();
  for (const one of containers) {
    if (one.project !== undefined) projects.set(one.project, [...(projects.get(one.project) ?? []), one]);
  }
  return { what: 'compose', projects: [...projects].map(summarise).sort(byName), unread };
}

/** One project: its containers, and its files. Throws ScoutError `not_available` where it has no container. */
export async function lookAtProject(machine: Machine, name: string): Promise<ProjectDetail> {
  const { containers } = await listContainers(machine);
  const own = containers.filter(({ project }) => project === name);
  if (own.length === 0) {
    throw new ScoutError(
      'not_available',
      `${machine.host} has no container of a compose project ${JSON.stringify(name)}`,
      'scout_inspect with what compose and no name lists the projects.',
    );
  }
  const { files, directory } = summarise([name, own]);
  return {
    what: 'project',
    project: name,
    directory,
    containers: await withStates(machine, own),
    files: await readFiles(machine, files),
  };
}

function summarise([project, own]: readonly [string, readonly ListedContainer[]]): Project {
  const [first] = own;
  const directory = first?.directory ?? '';
  return {
    project,
    services: new Set(own.map(({ service }) => service)).size,
    running: own.filter(({ state }) => state === 'running').length,
    containers: own.length,
    files: [...new Set(own.flatMap(({ files }) => files.split(',')))]
      .filter((path) => path !== '')
      .map((path, at) => (isPlain(path, at, directory) ? path : `${directory}/${path}`)),
    directory,
  };
}

/** Shown as it is written: a path that is whole, and one of many, for a long directory before each has no bound. */
function isPlain(path: string, at: number, directory: string): boolean {
  return path.startsWith('/') || directory === '' || directory.length > longestPath || at >= mostFiles;
}

function byName(a: Project, b: Project): number {
  return a.project.localeCompare(b.project);
}

/** Each by itself and by the policy: a path that is denied, or that nobody can read, costs only its own content. */
async function readFiles(machine: Machine, paths: readonly string[]): Promise<readonly ComposeFile[]> {
  const files: ComposeFile[] = [];
  for (const path of paths.slice(0, mostFiles)) files.push(await readFile(machine, path));
  return files;
}

async function readFile(machine: Machine, path: string): Promise<ComposeFile> {
  if (!path.startsWith('/')) return { path, problem: 'where it is is not known' };
  try {
    const { replies, complaints } = await machine.ask({ content: commandText(['cat', '--', path]) });
    const { content } = replies;
    if (content?.ok && content.isWhole) return { path, content: content.text };
    return {
      path,
      problem: /No such file/i.test(complaints) ? 'it is not there any more' : whyNot(complaints),
    };
  } catch (thrown) {
    if (thrown instanceof ScoutError && ['path_denied', 'invalid_argument'].includes(thrown.code))
      return { path, problem: 'SCOUT_DENY_PATHS or the policy does not let it be read' };
    throw thrown;
  }
}

function whyNot(complaints: string): string {
  return /permission denied/i.test(complaints) ? 'the account may not read it' : 'it could not be read';
}
