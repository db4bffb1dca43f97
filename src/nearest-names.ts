const maxNames = 3;
/** Longer names are not compared: nobody mistypes them, and the cost grows with the square. */
const maxLength = 64;

/** The names most like `wanted`, nearest first, three at most; empty where none is near. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  if (wanted.length > maxLength) return [];
  const low = wanted.toLowerCase();
  const limit = Math.max(1, Math.floor(low.length / 3));
  return names
    .map((name) => ({ name, distance: distanceOf(low, name.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, maxNames)
    .map(({ name }) => name);
}

/** 0 for equal but for case; a prefix counts as near; more than `limit` where the names are not alike. */
function distanceOf(wanted: string, name: string, limit: number): number {
  if (name === wanted) return 0;
  const isPrefix = wanted.length >= 2 && (name.startsWith(wanted) || wanted.startsWith(name));
  if (name.length > maxLength || Math.abs(name.length - wanted.length) > limit)
    return isPrefix ? limit : limit + 1;
  const edits = editDistance(wanted, name);
  return isPrefix ? Math.min(edits, limit) : edits;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const differs = left[row - 1] === right[column - 1] ? 0 : 1;
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + differs,
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
