import { splitArguments } from './arguments.ts';
import type { ConfigLine } from './config-lines.ts';
import { readConfigLines } from './config-lines.ts';
import { Arguments } from './keyword-values.ts';
import type { Keyword } from './keywords.ts';
import { keywordNamed } from './keywords.ts';
import type { Criterion } from './match-criteria.ts';
import { parseCriteria } from './match-criteria.ts';
import { LineProblem } from './problem.ts';
import { SectionIndex } from './section-index.ts';

/** One line that does something, as far as it can be understood without a host name. */
export type Statement =
  | { readonly kind: 'set'; readonly keyword: Keyword; readonly values: readonly string[] }
  | { readonly kind: 'include'; readonly number: number; readonly paths: readonly string[] }
  /** ssh refuses it unless an IgnoreUnknown before it names it. */
  | { readonly kind: 'unknown'; readonly number: number; readonly keyword: string };

/** What applies to the statements of a section; `file` is what stands before the first Host or Match. */
export type Heading =
  | { readonly kind: 'file' }
  | { readonly kind: 'host'; readonly patterns: readonly string[] }
  | { readonly kind: 'match'; readonly number: number; readonly criteria: readonly Criterion[] };

export interface Section {
  readonly heading: Heading;
  readonly statements: readonly Statement[];
  /** Holds something that must be looked at even where the heading does not match. */
  readonly alwaysVisited: boolean;
}

/** A configuration file that was read and understood line by line. */
export interface ConfigFile {
  readonly path: string;
  readonly sections: readonly Section[];
  readonly index: SectionIndex;
  /** The first line that ssh refuses whatever the host. */
  readonly problem?: { readonly number: number; readonly message: string };
}

/**
 * Understand a configuration file. Never throws: what ssh refuses is in `problem`, such as a variable that `env` has not
 * in some of the keywords.
 */
export function parseConfigFile(path: string, text: string, env: NodeJS.ProcessEnv): ConfigFile {
  const sections: Section[] = [];
  let heading: Heading = { kind: 'file' };
  let statements: Statement[] = [];
  let problem: ConfigFile['problem'];
  const close = () => {
    const alwaysVisited = heading.kind === 'match' || statements.some(({ kind }) => kind !== 'set');
    if (heading.kind !== 'file' || statements.length > 0)
      sections.push({ heading, statements, alwaysVisited });
    statements = [];
  };
  for (const line of readConfigLines(text)) {
    try {
      const words = wordsOf(line);
      if (line.keyword === 'host' || line.keyword === 'match') {
        close();
        heading = headingOf(line, words);
      } else {
        const statement = statementOf(line, words, env);
        if (statement) statements.push(statement);
      }
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      problem ??= { number: line.number, message: error.message };
    }
  }
  close();
  return { path, sections, index: new SectionIndex(sections), ...(problem && { problem }) };
}

function wordsOf(line: ConfigLine): readonly string[] {
  if (line.text === '') throw new LineProblem(`no argument after keyword ${JSON.stringify(line.keyword)}`);
  const words = splitArguments(line.text);
  if (!words) throw new LineProblem('invalid quotes');
  return words;
}

function headingOf(line: ConfigLine, words: readonly string[]): Heading {
  if (line.keyword === 'match') return { kind: 'match', number: line.number, criteria: parseCriteria(words) };
  if (words.includes('')) throw new LineProblem('empty argument');
  return { kind: 'host', patterns: words };
}

function statementOf(
  line: ConfigLine,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Statement | undefined {
  if (line.keyword === 'include') {
    if (words.includes('')) throw new LineProblem('empty argument');
    return { kind: 'include', number: line.number, paths: words };
  }
  const keyword = keywordNamed(line.keyword);
  if (keyword === undefined) return { kind: 'unknown', number: line.number, keyword: line.keyword };
  if (keyword === 'ignored') return undefined;
  const given = new Arguments(line.text, words, env);
  const values = keyword.read(given);
  if (given.hasMore) throw new LineProblem('extra arguments at end of line');
  return values && { kind: 'set', keyword, values };
}
