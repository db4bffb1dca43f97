import { quote } from '../quote.ts';
import type { Token } from './grammar.ts';
import type { Redirect, Step } from './read-script.ts';
import { shellText } from './word.ts';

export interface PrintedStep extends Pick<Step, 'joint' | 'negated' | 'redirects'> {
  readonly tokens: readonly Token[];
}

/** Shell text that dash, bash, BusyBox and their kin read alike. */
export function printSteps(steps: readonly PrintedStep[]): string {
  return steps.map((step) => jointText(step) + printStep(step)).join('');
}

function jointText({ joint }: PrintedStep): string {
  if (joint === '' || joint === ';') return joint && `${joint} `;
  return ` ${joint} `;
}

function printStep({ negated, tokens, redirects }: PrintedStep): string {
  const words = tokens.map((token) => (typeof token === 'string' ? quote(token) : shellText(token)));
  return [...(negated ? ['!'] : []), ...words, ...redirects.map(redirectText)].join(' ');
}

function redirectText(redirect: Redirect): string {
  return typeof redirect === 'string' ? redirect : `< ${shellText(redirect.from)}`;
}
