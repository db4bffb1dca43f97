/** Files that logrotate(8) made of a log: `error.log.1`, `error.log.2.gz`, `error.log-20261120.gz`. */
export interface Rotated {
  readonly path: string;
  readonly isCompressed: boolean;
  /** False for what only other programs than zcat(1) read. */
  readonly isReadable: boolean;
}

/** By what a file was compressed, as its name has it. */
export function packingOf(path: string): string | undefined {
  return /\.(gz|xz|bz2|zst|lz4|Z)$/.exec(path)?.[1];
}

/** Its directory and name; `path` is absolute or begins with `./`. */
function splitPath(path: string): { readonly directory: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { directory: slash === 0 ? '/' : path.slice(0, slash), name: path.slice(slash + 1) };
}

/** The words of find(1) that list what was made of a log. */
export function rotatedWords(path: string): readonly string[] {
  const { directory, name } = splitPath(path);
  // a dash in front would be an option
  const pattern = `${name.replace(/[\\*?[\]]|^-/g, '\\$&')}[.-]*`;
  return ['find', directory, '-maxdepth', '1', '-type', 'f', '-name', pattern];
}

/** Of the paths that `find` printed those that were rotated, the newest first. A name may have held a line feed. */
export function rotatedOf(path: string, found: string): readonly Rotated[] {
  const rank = (one: string) => (one.startsWith(path) ? one.slice(path.length) : '');
  return found
    .split('\n')
    .flatMap((one) => {
      const packing = packingOf(one);
      const [, number, date] =
        /^(?:\.(\d{1,4})|[.-](\d{4}-?\d\d-?\d\d(?:[-_.T]?\d{2,10})?))$/.exec(
          packing === undefined ? rank(one) : rank(one).slice(0, -1 - packing.length),
        ) ?? [];
      if (number === undefined && date === undefined) return [];
      // by number the smaller is newer; by date the larger
      const age = number === undefined ? -Number(date?.replace(/\D/g, '').padEnd(18, '0')) : Number(number);
      return [
        {
          age,
          path: one,
          isCompressed: packing !== undefined,
          isReadable: packing === undefined || packing === 'gz',
        },
      ];
    })
    .sort((a, b) => a.age - b.age)
    .map(({ age: _, ...rotated }) => rotated);
}
