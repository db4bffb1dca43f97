import SSHConfig, { type Line } from 'ssh-config';
import { lowerAscii } from './pattern.ts';

/** One directive of a configuration file, before its keyword is understood. */
export interface ConfigLine {
  /** 1-based. */
  readonly number: number;
  /** Lower case. */
  readonly keyword: string;
  /** Everything behind the keyword and its separator, as written, without trailing blanks. */
  readonly text: string;
}

/** Where a keyword ends and where its arguments begin. */
interface Head {
  readonly keywordLength: number;
  readonly length: number;
}

/**
 * The directives of a configuration file. The parser's tree says which lines are directives and where the keyword
 * ends; the argument text is taken as written, because the tree drops single quotes, escapes and what follows a
 * `#`. ssh_config(5) knows no continuation: where the tree does not follow the lines (an open quote, a keyword
 * without arguments), each line is parsed by itself, so that one bad line does not spoil the next.
 */
export function readConfigLines(text: string): readonly ConfigLine[] {
  const lines = text.split('\n').map(withoutBlanks);
  const heads =
    headsOfTree(text, lines) ?? lines.map((line) => (isDirective(line) ? headOf(line) : undefined));
  return lines.flatMap((line, index) => {
    const head = heads[index];
    if (!head) return [];
    const keyword = lowerAscii(line.slice(0, head.keywordLength).replaceAll('"', ''));
    return [{ number: index + 1, keyword, text: line.slice(head.length) }];
  });
}

/** Blanks as ssh knows them; form feeds at the end only. A line ends at a NUL. */
function withoutBlanks(raw: string): string {
  const nul = raw.indexOf('\0');
  const line = nul < 0 ? raw : raw.slice(0, nul);
  return line.replace(/^[ \t\r]+/, '').replace(/[ \t\r\f]+$/, '');
}

function isDirective(line: string): boolean {
  return line !== '' && !line.startsWith('#');
}

/** The head of each line from one tree of the whole text; undefined where tree and lines do not agree. */
function headsOfTree(text: string, lines: readonly string[]): readonly (Head | undefined)[] | undefined {
  const directives =
    parse(text)?.flatMap((line) => ('config' in line ? [line, ...line.config] : [line])) ?? [];
  const nodes = directives.filter((node) => 'param' in node).values();
  const heads: (Head | undefined)[] = [];
  for (const line of lines) {
    const node = isDirective(line) ? nodes.next().value : undefined;
    const head = node && headOfNode(node, line);
    if (isDirective(line) && !head) return undefined;
    heads.push(head);
  }
  return nodes.next().done ? heads : undefined;
}

function headOf(line: string): Head {
  const node = parse(line)?.[0];
  const head = node && 'param' in node ? headOfNode(node, line) : undefined;
  if (head) return head;
  // The parser refuses some arguments that ssh accepts (a quote inside single quotes, a trailing backslash).
  const match = /^([^ \t=]*)([ \t]*=?[ \t]*)/.exec(line);
  return { keywordLength: match?.[1]?.length ?? 0, length: match?.[0].length ?? 0 };
}

function headOfNode(node: Line & { param: string; separator: string }, line: string): Head | undefined {
  if (!line.startsWith(node.param) || /[^ \t=]/.test(node.separator)) return undefined;
  return { keywordLength: node.param.length, length: node.param.length + node.separator.length };
}

function parse(text: string): readonly Line[] | undefined {
  try {
    return [...SSHConfig.parse(text)];
  } catch {
    return undefined;
  }
}
