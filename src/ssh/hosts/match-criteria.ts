import { isAddressList } from './local-network.ts';
import { lowerAscii } from './pattern.ts';
import { LineProblem } from './problem.ts';
import { checkTokens } from './tokens.ts';

/** One criterion of a Match line. `all`, `canonical` and `final` have no argument. */
export interface Criterion {
  readonly attribute: Attribute;
  readonly negated: boolean;
  readonly argument: string;
}

const withArgument = [
  'host',
  'originalhost',
  'user',
  'localuser',
  'localnetwork',
  'tagged',
  'version',
  'command',
  'sessiontype',
  'exec',
] as const;

export type Attribute = 'all' | 'canonical' | 'final' | (typeof withArgument)[number];

/** What `%` may stand for in the command of `Match exec` (ssh_config(5) TOKENS). */
const execTokens = 'CLdhijklnpru';

/**
 * The criteria of a Match line in their order. An argument follows its criterion as the next word or behind `=`.
 * Throws LineProblem for what ssh refuses.
 */
export function parseCriteria(words: readonly string[]): readonly Criterion[] {
  const criteria: Criterion[] = [];
  const given = words.flatMap(splitAtEquals);
  for (let at = 0; at < given.length; at++) {
    const written = given[at] ?? '';
    const negated = written.startsWith('!');
    const attribute = lowerAscii(negated ? written.slice(1) : written);
    if (attribute === 'all') {
      if (criteria.length > 1 || given[at + 1]) throw new LineProblem('"all" cannot be combined');
      return [...criteria, { attribute, negated, argument: '' }];
    }
    if (attribute === 'canonical' || attribute === 'final') {
      criteria.push({ attribute, negated, argument: '' });
      continue;
    }
    const known = withArgument.find((name) => name === attribute);
    if (!known) throw new LineProblem(`unsupported Match attribute ${JSON.stringify(written)}`);
    criteria.push({ attribute: known, negated, argument: checked(known, given[++at]) });
  }
  if (criteria.length === 0) throw new LineProblem('Match needs a criterion');
  return criteria;
}

/** `host=a` is `host a`. */
function splitAtEquals(word: string): readonly string[] {
  const match = /^(!?(\w+))=(.*)$/s.exec(word);
  const isCriterion = match && withArgument.some((name) => name === lowerAscii(match[2] ?? ''));
  return isCriterion ? [match[1] ?? '', match[3] ?? ''] : [word];
}

function checked(attribute: Attribute, argument: string | undefined): string {
  const mayBeEmpty = attribute === 'tagged' || attribute === 'command';
  if (argument === undefined || (argument === '' && !mayBeEmpty) || argument.startsWith('#')) {
    throw new LineProblem(`missing argument for Match ${attribute}`);
  }
  if (attribute === 'localnetwork' && !isAddressList(argument)) {
    throw new LineProblem(`invalid network list ${JSON.stringify(argument)}`);
  }
  if (attribute === 'exec') checkTokens(argument, execTokens);
  return argument;
}
