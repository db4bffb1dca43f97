import { isAbsolute } from 'node:path';
import { toRemoteLine } from '../../remote-text.ts';
import type { ConfigFile, Section, Statement } from './config-file.ts';
import { matchesCriteria } from './match-evaluation.ts';
import type { Pass } from './pass.ts';
import { matchesHostLine, matchPatternList } from './pattern.ts';
import { configError, LineProblem } from './problem.ts';
import type { Source } from './source.ts';
import { expandTilde, expandTokens } from './tokens.ts';

/** OpenSSH's READCONF_MAX_DEPTH. */
const maxDepth = 16;
const systemFile = '/etc/ssh/ssh_config';

/** The file that is being read, and on whose behalf. */
interface Reading {
  readonly file: ConfigFile;
  readonly isUserConfig: boolean;
  readonly depth: number;
}

/**
 * Read all configuration files for one host into the values of `pass`: the given file alone, else the user's and
 * then the system's. Rejects with ScoutError `invalid_argument`, with file and line, for what ssh refuses.
 */
export async function readConfiguration(pass: Pass): Promise<void> {
  for (const reading of topFiles(pass.source)) await readFile(reading, true, pass);
}

/** The files that reading starts from, as far as they exist. */
export function topFiles({ configFile, homeDir, snapshot }: Source): readonly Reading[] {
  if (configFile !== undefined) {
    if (configFile.toLowerCase() === 'none') return [];
    const file = snapshot.file(configFile, false);
    if (typeof file === 'string') throw configError(configFile, `the file is ${file}`);
    return [{ file, isUserConfig: true, depth: 0 }];
  }
  const user = snapshot.file(`${homeDir}/.ssh/config`, true);
  const system = snapshot.file(systemFile, false);
  return [
    ...(typeof user === 'string' ? [] : [{ file: user, isUserConfig: true, depth: 0 }]),
    ...(typeof system === 'string' ? [] : [{ file: system, isUserConfig: false, depth: 0 }]),
  ];
}

/** The files that an Include line of `reading` stands for; with `expand`, tokens and variables in it count. */
export function includedFiles(
  statement: Statement & { kind: 'include' },
  reading: Reading,
  source: Source,
  expand?: (text: string) => string,
): readonly Reading[] {
  const place = `${reading.file.path}:${statement.number}`;
  const { isUserConfig, depth } = reading;
  return statement.paths
    .flatMap((written) => pathsOf(written, isUserConfig, source, place, expand))
    .flatMap((path) => {
      if (depth >= maxDepth) throw configError(place, 'too many recursive configuration includes');
      const file = source.snapshot.file(path, true);
      if (file === 'unreadable') throw configError(place, `cannot open ${path}`);
      return file === 'absent' ? [] : [{ file, isUserConfig, depth: depth + 1 }];
    });
}

/** Newer clients expand tokens and variables in the path; a file of that very name goes first, for the others. */
function pathsOf(
  written: string,
  isUserConfig: boolean,
  source: Source,
  place: string,
  expand?: (text: string) => string,
): readonly string[] {
  try {
    const literal = source.snapshot.included(anchor(written, isUserConfig, source, place));
    if (literal.length > 0 || !expand || !/%|\$\{/.test(written)) return literal;
    return source.snapshot.included(anchor(expand(written), isUserConfig, source, place));
  } catch (error) {
    if (error instanceof LineProblem) return []; // an unknown user or token: ssh goes on without the file
    throw error;
  }
}

/** Relative paths are below ~/.ssh in the user's files, below /etc/ssh in the system's. */
function anchor(path: string, isUserConfig: boolean, { homeDir, system }: Source, place: string): string {
  if (path.startsWith('~') && !isUserConfig) throw configError(place, `bad include path ${path}`);
  if (path.startsWith('~')) return expandTilde(path, homeDir, (user) => system.homeOf(user));
  if (isAbsolute(path)) return path;
  return isUserConfig ? `${homeDir}/.ssh/${path}` : `/etc/ssh/${path}`;
}

async function readFile(reading: Reading, active: boolean, pass: Pass): Promise<void> {
  const { file } = reading;
  if (file.problem) throw configError(`${file.path}:${file.problem.number}`, file.problem.message);
  for (const section of file.index.sectionsFor(pass.host)) {
    if (asksForFinal(section)) pass.wantsFinal = true;
    const matched = matches(section, active, pass, file);
    const applies: boolean = typeof matched === 'boolean' ? matched : await matched;
    if (!applies && !section.alwaysVisited) continue;
    for (const statement of section.statements) {
      if (statement.kind === 'set') {
        if (applies) pass.values.add(statement.keyword, statement.values, reading.isUserConfig);
      } else if (statement.kind === 'unknown') checkIgnored(statement, pass, file);
      else {
        const included = includedFiles(statement, reading, pass.source, (text) =>
          expandTokens(text, pass.tokens(), pass.source.env),
        );
        for (const inner of included) await readFile(inner, applies, pass);
      }
    }
  }
}

/** Counts even where the line stands in a section that does not apply, as in ssh. */
function asksForFinal({ heading }: Section): boolean {
  return heading.kind === 'match' && heading.criteria.some(({ attribute }) => attribute === 'final');
}

/** `active` is false inside an Include of a section that does not apply: then nothing does. */
function matches(
  section: Section,
  active: boolean,
  pass: Pass,
  file: ConfigFile,
): boolean | Promise<boolean> {
  const { heading } = section;
  if (heading.kind === 'file' || !active) return active && heading.kind === 'file';
  if (heading.kind === 'host') return matchesHostLine(heading.patterns, pass.host);
  const refuse = (error: unknown) => {
    throw error instanceof LineProblem ? configError(`${file.path}:${heading.number}`, error.message) : error;
  };
  try {
    const matched = matchesCriteria(heading.criteria, pass);
    return typeof matched === 'boolean' ? matched : matched.catch(refuse);
  } catch (error) {
    return refuse(error);
  }
}

function checkIgnored(statement: Statement & { kind: 'unknown' }, pass: Pass, file: ConfigFile): void {
  const ignored = pass.values.first('ignoreunknown');
  if (ignored !== undefined && matchPatternList(statement.keyword, ignored, true) === 'matched') return;
  const shown = toRemoteLine(statement.keyword); // a byte order mark is seen by nobody
  throw configError(`${file.path}:${statement.number}`, `bad configuration option ${shown}`);
}
