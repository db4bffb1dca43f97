import type { Command as ParsedCommand, ParsedScript, Redirection, Statement } from 'unbash';
import { parse } from 'unbash';
import { checkWords } from './bounds.ts';
import { checkGaps } from './check-gaps.ts';
import { Refused } from './refusal.ts';
import { refusedNodes } from './refused-nodes.ts';
import type { Part } from './trail.ts';
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

const operators: Readonly<Record<Exclude<Joint, ''>, string>> = {
  ';': 'operator: then',
  '&&': 'operator: and, if that succeeds,',
  '||': 'operator: or, if that fails,',
  '|': 'operator: its output is the input of',
};

export interface Span {
  readonly pos: number;
  readonly end: number;
}

/** The text that is read, and what was met in it so far. */
interface Reading {
  readonly source: string;
  readonly trail: Part[];
}

/**
 * The commands of a script; what is met on the way is added to `trail`. Throws Refused for anything but simple
 * commands joined by | && || ; and newlines.
 */
export function readScript(source: string, trail: Part[] = []): readonly Step[] {
  const reading = { source, trail };
  const script = parseSafely(source);
  checkWords(script);
  const steps = script.commands
    .slice(0, mostCommands + 1)
    .flatMap((statement, index) => readStatement(statement, index, reading));
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

function readStatement(statement: Statement, index: number, reading: Reading): readonly Step[] {
  const { command, background } = statement;
  if (background) throw new Refused('&', 'background jobs are not run', 'the command without &');
  const pipelines = command.type === 'AndOr' ? command.commands : [command];
  return pipelines.flatMap((pipeline, place) => {
    const joint = place === 0 ? (index === 0 ? '' : ';') : operatorOf(command, place - 1);
    return readPipeline(pipeline, joint, reading);
  });
}

function operatorOf(command: Statement['command'], index: number): Joint {
  const operator = command.type === 'AndOr' ? command.operators[index] : undefined;
  if (operator === '&&' || operator === '||') return operator;
  throw new Refused('', 'an unknown operator', '&& || ;');
}

function readPipeline(node: Statement['command'], joint: Joint, reading: Reading): readonly Step[] {
  const { source } = reading;
  if (node.type === 'Command') return [readCommand(node, joint, false, reading)];
  if (node.type !== 'Pipeline') throw refusedNode(node, source);
  const [prefix, ...more] = node.prefixes;
  if (more.length > 0 || (prefix && prefix.type !== 'Negation')) {
    const isTimed = node.prefixes.some(({ type }) => type !== 'Negation');
    throw new Refused(
      source.slice(node.pos, node.end),
      isTimed ? 'time is not the same in all shells' : 'only one ! may stand before a pipeline',
      'the command without it; the answer holds its duration',
    );
  }
  if (node.operators.some((operator) => operator !== '|')) {
    throw new Refused('|&', '|& is not the same in all shells', '2>&1 |');
  }
  return node.commands.map((command, place) => {
    if (command.type !== 'Command') throw refusedNode(command, source);
    return readCommand(command, place === 0 ? joint : '|', place === 0 && prefix !== undefined, reading);
  });
}

function refusedNode(node: Statement['command'], source: string): Refused {
  const known = refusedNodes[node.type] ?? ['this shell construct is not known here', 'plain commands'];
  return new Refused(source.slice(node.pos, node.end), ...known);
}

function readCommand(node: ParsedCommand, joint: Joint, negated: boolean, reading: Reading): Step {
  const { source, trail } = reading;
  if (joint !== '') trail.push({ source: joint, roles: [operators[joint]], end: node.pos });
  if (negated) trail.push({ source: '!', roles: ['operator: turns the outcome around'], end: node.pos });
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  const spans: Span[] = [];
  for (const part of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) {
    spans.push({ pos: part.pos, end: part.end });
    const roles: string[] = [];
    trail.push({ source: source.slice(part.pos, part.end), roles, end: part.end });
    if (part.type === 'Word') words.push(readWord(part, source, roles));
    else if (part.type !== 'Assignment') redirects.push(readRedirect(part, source, roles));
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

function readRedirect(node: Redirection, source: string, roles: string[]): Redirect {
  const written = source.slice(node.pos, node.end);
  if (node.type === 'Redirect' && node.target) {
    const operator = source.slice(node.pos, node.target.pos).trimEnd();
    const target = readWord(node.target, source, roles);
    if (operator === '<') return { from: target };
    if (operator === '2>' && target.value === '/dev/null') {
      roles.push('redirection: error messages are dropped');
      return '2>/dev/null';
    }
    if (operator === '2>&' && target.source === '1' && written === '2>&1') {
      roles.push('redirection: error messages go where the output goes');
      return '2>&1';
    }
  }
  throw new Refused(written, ...whyNot(written));
}

function whyNot(written: string): readonly [reason: string, instead: string] {
  if (/^\d*<</.test(written)) {
    return ['here-documents and here-strings are not run', "`printf '%s\\n' TEXT` before a | , or < FILE"];
  }
  if (/^\d*<(?!>)/.test(written))
    return ['only the standard input is taken from a file', '< FILE, with no number'];
  if (/^(?:1?>>?|&>>?|>&) *\/dev\/null$/.test(written)) {
    return [
      'only error messages can be thrown away',
      '2>/dev/null; for the exit code alone, an option such as grep -q',
    ];
  }
  return ['writing redirections are not run', 'the command without it: the answer holds stdout and stderr'];
}
