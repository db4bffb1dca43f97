import { isOnNetwork } from './local-network.ts';
import type { Criterion } from './match-criteria.ts';
import type { Pass } from './pass.ts';
import { lowerAscii, matchPatternList } from './pattern.ts';
import { expandTokens } from './tokens.ts';

/**
 * Do all criteria of a Match line hold? A promise only where a command must be run for it. Once one criterion
 * fails no command is run any more, as in ssh.
 */
export function matchesCriteria(criteria: readonly Criterion[], pass: Pass): boolean | Promise<boolean> {
  for (const [index, criterion] of criteria.entries()) {
    if (criterion.attribute === 'exec') return matchesExec(criterion, criteria.slice(index + 1), pass);
    if (holds(criterion, pass) === criterion.negated) return false;
  }
  return true;
}

async function matchesExec(criterion: Criterion, rest: readonly Criterion[], pass: Pass): Promise<boolean> {
  const { runCommand } = pass.source;
  if (!runCommand) return false;
  const succeeded = await runCommand(expandTokens(criterion.argument, pass.tokens()));
  return succeeded !== criterion.negated && matchesCriteria(rest, pass);
}

function holds({ attribute, argument }: Criterion, pass: Pass): boolean {
  const { system } = pass.source;
  switch (attribute) {
    case 'all':
      return true;
    case 'canonical':
    case 'final':
      return pass.isFinal;
    case 'host':
      return matchPatternList(lowerAscii(pass.targetHost()), argument, true) === 'matched';
    case 'originalhost':
      return matchPatternList(lowerAscii(pass.alias), argument, true) === 'matched';
    case 'user':
      return matchPatternList(pass.user(), argument) === 'matched';
    case 'localuser':
      return matchPatternList(system.user, argument) === 'matched';
    case 'localnetwork':
      return isOnNetwork(argument);
    case 'tagged':
      return matchesOrBothEmpty(pass.values.first('tag') ?? '', argument);
    case 'command':
      return argument === ''; // no command is known while a connection is made ready
    case 'sessiontype':
      return matchPatternList('shell', argument) === 'matched';
    case 'version':
      return matchPatternList(system.sshVersion(), argument) === 'matched';
    case 'exec':
      return false;
  }
}

function matchesOrBothEmpty(text: string, list: string): boolean {
  return text === '' ? list === '' : matchPatternList(text, list) === 'matched';
}
