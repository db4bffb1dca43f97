import { parseArgs } from 'node:util';

export interface Options {
  readonly runs: number;
  /** Of the rows, those whose group and name it finds. */
  readonly rows: RegExp;
  /** Where peers are installed already; undefined: in a directory of the bench; null: none is measured. */
  readonly peers: string | null | undefined;
  /** Settings of scout that are not its defaults. */
  readonly settings: Readonly<Record<string, string>>;
}

export const usage = `usage: npm run bench -- [option…]
  --rows PATTERN     only rows whose group or name matches: start, install, cold, warm, files, output, many,
                     broadcast, transfer, memory; a regular expression
  --runs N           runs of each (default 20; what takes long is run less often, never under 3 times)
  --peers DIRECTORY  peers that are installed there, instead of installing them; \`none\`: no peers
  --quick            5 runs, no peers
  --set NAME=VALUE   a setting of scout, such as SCOUT_NICE=off; may be given again`;

/** Throws an Error that says what is wrong. */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string' },
      rows: { type: 'string', default: '' },
      peers: { type: 'string' },
      quick: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const runs = Number(values.runs ?? (values.quick ? 5 : 20));
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1');
  const peers = values.peers ?? (values.quick ? 'none' : undefined);
  return {
    runs,
    rows: new RegExp(values.rows),
    peers: peers === 'none' ? null : peers,
    settings: Object.fromEntries(values.set.map(assignment)),
  };
}

function assignment(word: string): readonly [name: string, value: string] {
  const at = word.indexOf('=');
  if (at < 1) throw new Error(`--set takes NAME=VALUE, not ${word}`);
  return [word.slice(0, at), word.slice(at + 1)];
}
