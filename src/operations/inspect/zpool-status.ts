import { linesOf, mostRows, toNumber, wordsOf } from './untrusted.ts';

/** A pool as `zpool status` tells of it, in its own words. */
export interface PoolStatus {
  readonly pool: string;
  readonly state: string;
  readonly status: string;
  readonly action: string;
  readonly scan: string;
  readonly errors: string;
  /** The devices it is made of; `depth` 0 is the pool. */
  readonly devices: readonly PoolDevice[];
}

export interface PoolDevice {
  readonly name: string;
  readonly depth: number;
  /** Empty for a heading such as `logs`. */
  readonly state: string;
  readonly read?: number | undefined;
  readonly write?: number | undefined;
  readonly checksum?: number | undefined;
  /** `was /dev/sdb1`, `too many errors`, `resilvering`, … */
  readonly note: string;
}

/**
 * `zpool status` of OpenZFS: blocks of `word: text`, whose text goes on in lines that begin with a tab. Before
 * version 2.3 there is no `-j`, and the text has been the same since Solaris. With `-p` counts are whole numbers.
 */
export function parsePoolStatus(text: string): readonly PoolStatus[] {
  const pools: Map<string, string[]>[] = [];
  let field: string[] | undefined;
  for (const line of text.split('\n')) {
    const [, word, rest = ''] = /^ {0,7}([a-z]{3,12}): ?(.*)$/.exec(line) ?? [];
    if (word === undefined) {
      field?.push(line);
      continue;
    }
    if (word === 'pool') pools.push(new Map());
    field = [rest];
    pools.at(-1)?.set(word === 'scrub' ? 'scan' : word, field);
  }
  return pools.slice(0, mostRows).map((fields) => {
    const of = (word: string) =>
      linesOf((fields.get(word) ?? []).join('\n'))
        .map((line) => line.trim())
        .join(' ');
    return {
      pool: of('pool'),
      state: of('state'),
      status: of('status'),
      action: of('action'),
      scan: of('scan'),
      errors: damagedFiles(linesOf((fields.get('errors') ?? []).join('\n'))),
      devices: linesOf((fields.get('config') ?? []).join('\n')).flatMap(parseDevice),
    };
  });
}

/** What is damaged, and the first of the files that `-v` names. */
function damagedFiles([first = '', ...files]: readonly string[]): string {
  const more = files.length > mostFiles ? [`and ${files.length - mostFiles} more`] : [];
  return [first, ...files.slice(0, mostFiles), ...more].map((line) => line.trim()).join('\n');
}

const mostFiles = 20;

/** A tab, two blanks a level, name, state, three counts and perhaps a note. Spares and headings have fewer words. */
function parseDevice(line: string): readonly PoolDevice[] {
  const [, blanks = '', rest = ''] = /^(?:\t| {8})( *)(\S.*)$/.exec(line) ?? [];
  if (rest === '' || /^NAME\s+STATE\s/.test(rest)) return [];
  const [name = '', state = '', read, write, checksum, ...note] = wordsOf(rest);
  const counts = [read, write, checksum].map(toCount);
  const isCounted = counts.every((count) => count !== undefined);
  return [
    {
      name,
      depth: Math.floor(blanks.length / 2),
      state,
      ...(isCounted && { read: counts[0], write: counts[1], checksum: counts[2] }),
      note: (isCounted ? note : [read, write, checksum, ...note]).filter(Boolean).join(' '),
    },
  ];
}

/** `0`, and `1.2K` where `-p` is not known. */
function toCount(text: string | undefined): number | undefined {
  const [, digits, letter = ''] = /^(\d{1,15}(?:\.\d+)?)([KMGTPE]?)$/.exec(text ?? '') ?? [];
  return digits === undefined
    ? undefined
    : Math.round((toNumber(digits) ?? 0) * 1000 ** ' KMGTPE'.indexOf(letter || ' '));
}
