import type { RegexNode } from '../extended-regex.ts';
import type { Piece } from '../name-pattern.ts';
import { RegexMachine } from './regex-machine.ts';

/** Matches whole names as `find -name` does in the C locale: byte by byte, a leading dot like any other. */
export function nameMachine(pieces: readonly Piece[]): RegexMachine {
  const nodes = pieces.flatMap(({ text, glob }) => (glob ? [globNode(text)] : literalNodes(text)));
  return new RegexMachine({ kind: 'sequence', nodes: [{ kind: 'start' }, ...nodes, { kind: 'end' }] });
}

function globNode(text: string): RegexNode {
  const anyByte: RegexNode = { kind: 'set', set: new Uint8Array(256).fill(1) };
  if (text === '*') return { kind: 'repeat', node: anyByte, least: 0, most: undefined };
  return text === '?' ? anyByte : bracketNode(text);
}

/** A bracket of `patternPieces`: `[a-z_]`, `[!0-9]`, plain ASCII. */
function bracketNode(text: string): RegexNode {
  const isNegated = text.startsWith('[!');
  const set = new Uint8Array(256);
  for (const [, from = '', to = from] of text.slice(isNegated ? 2 : 1, -1).matchAll(/(.)(?:-(.))?/g))
    set.fill(1, from.charCodeAt(0), Math.max(from.charCodeAt(0), to.charCodeAt(0) + 1));
  return { kind: 'set', set: isNegated ? set.map((one) => 1 - one) : set };
}

function literalNodes(text: string): readonly RegexNode[] {
  return [...Buffer.from(text)].map((byte) => ({
    kind: 'set',
    set: new Uint8Array(256).fill(1, byte, byte + 1),
  }));
}
