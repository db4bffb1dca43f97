import type { Command as ParsedCommand, ParsedScript, Redirection, Statement } from 'unbash';
import { parse } from 'unbash';
import { checkGaps } from './check-gaps.ts';
import { Refused } from './refusal.ts';
import { refusedNodes } from './refused-nodes.ts';
import { readWord, type Word } from './word.ts';

/** `2>/dev/null`, `2>&1`, `< file`: the only redirections there are. */
export type Redirect = '2>/dev/null' | '2>&1' | { readonly from: Word };

/** What stands between a command and the one before it. */
export type Joint = '' | ';' | '&&' | '||' | '|';

/** One simple command. The shell language let through here is flat: a list of these is the whole script. */
export interface Step {
  readonly joint: Joint;
  readonly negated: boolean;
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** Where its words and redirections stand in the source, in order. */
  readonly spans: readonly Span[];
}

const mostCommands = 100;

export interface Span {
  readonly pos: number;
  readonly end: number;
}

/** The commands of a script. Throws Refused for anything but simple commands joined by | && || ; and newlines. */
export function readScript(source: string): readonly Step[] {
  const script = parseSafely(source);
  const steps = script.commands
    .slice(0, mostCommands + 1)
    .flatMap((statement, index) => readStatement(statement, index, source));
  const [error] = script.errors ?? [];
  if (error)
    throw new Refused(source.slice(error.pos), `shell syntax: ${error.message}`, 'a complete command');
  if (steps.length === 0)
    throw new Refused(source, 'there is no command', 'one command, such as: ls -la /var/log');
  if (steps.length > mostCommands) {
    throw new Refused(source, `more than ${mostCommands} commands at once`, 'several calls');
  }
  checkGaps(source, steps);
  return steps;
}

function parseSafely(source: string): ParsedScript {
  try {
    return parse(source);
  } catch {
    throw new Refused(source, 'the command cannot be parsed', 'a simpler command');
  }
}

function readStatement(statement: Statement, index: number, source: string): readonly Step[] {
  const { command, background } = statement;
  if (background) throw new Refused('&', 'background jobs are not run', 'the command without &');
  const pipelines = command.type === 'AndOr' ? command.commands : [command];
  return pipelines.flatMap((pipeline, place) => {
    const joint = place === 0 ? (index === 0 ? '' : ';') : operatorOf(command, place - 1);
    return readPipeline(pipeline, joint, source);
  });
}

function operatorOf(command: Statement['command'], index: number): Joint {
  const operator = command.type === 'AndOr' ? command.operators[index] : undefined;
  if (operator === '&&' || operator === '||') return operator;
  throw new Refused('', 'an unknown operator', '&& || ;');
}

function readPipeline(node: Statement['command'], joint: Joint, source: string): readonly Step[] {
  if (node.type === 'Command') return [readCommand(node, joint, false, source)];
  if (node.type !== 'Pipeline') throw refusedNode(node, source);
  const [prefix, ...more] = node.prefixes;
  if (more.length > 0 || (prefix && prefix.type !== 'Negation')) {
    throw new Refused(
      source.slice(node.pos, node.end),
      'only one ! may stand before a pipeline',
      'the command without it',
    );
  }
  if (node.operators.some((operator) => operator !== '|')) {
    throw new Refused('|&', '|& is not the same in all shells', '2>&1 |');
  }
  return node.commands.map((command, place) => {
    if (command.type !== 'Command') throw refusedNode(command, source);
    return readCommand(command, place === 0 ? joint : '|', place === 0 && prefix !== undefined, source);
  });
}

function refusedNode(node: Statement['command'], source: string): Refused {
  const known = refusedNodes[node.type] ?? ['this shell construct is not known here', 'plain commands'];
  return new Refused(source.slice(node.pos, node.end), ...known);
}

function readCommand(node: ParsedCommand, joint: Joint, negated: boolean, source: string): Step {
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  const spans: Span[] = [];
  for (const part of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) {
    spans.push({ pos: part.pos, end: part.end });
    if (part.type === 'Word') words.push(readWord(part, source));
    else if (part.type !== 'Assignment') redirects.push(readRedirect(part, source));
    else
      throw new Refused(
        part.text,
        'assignments and environment settings are not run',
        'the command without it',
      );
  }
  if (words.length === 0) {
    throw new Refused(source.slice(node.pos, node.end), 'a redirection without a command', 'cat FILE');
  }
  return { joint, negated, words, redirects, spans };
}

function readRedirect(node: Redirection, source: string): Redirect {
  const written = source.slice(node.pos, node.end);
  if (node.type === 'Redirect' && node.target) {
    const operator = source.slice(node.pos, node.target.pos).trimEnd();
    const target = readWord(node.target, source);
    if (operator === '<') return { from: target };
    if (operator === '2>' && target.value === '/dev/null') return '2>/dev/null';
    if (operator === '2>&' && target.source === '1' && written === '2>&1') return '2>&1';
  }
  const what = node.type === 'Redirect' ? 'writing redirections are not run' : 'here-documents are not run';
  throw new Refused(written, what, '2>/dev/null, 2>&1 or < FILE; the answer already holds stdout and stderr');
}
