/** Rows of one table that are kept; what is beyond is counted. */
export const mostRows = 500;

/** The lines of a text, without empty ones, and the words of each. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

export function wordsOf(line: string): readonly string[] {
  return line.trim().split(/\s+/);
}

/** What a JSON text holds; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The value under a key of an object's own; undefined for everything else. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key]; // an object with that key
  }
  return found;
}

export function stringAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** A finite number, also where it stands in quotes. */
export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
  const found = at(value, ...keys);
  return typeof found === 'number' ? finite(found) : typeof found === 'string' ? toNumber(found) : undefined;
}

export function flagAt(value: unknown, ...keys: readonly string[]): boolean {
  return at(value, ...keys) === true;
}

/** The elements of a list, or none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The own keys of an object and their values, or none. */
export function entriesAt(
  value: unknown,
  ...keys: readonly string[]
): readonly (readonly [string, unknown])[] {
  const found = at(value, ...keys);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
}

/** A plain decimal number; undefined for anything else, such as the `-` that many programs print for nothing. */
export function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,18}(?:\.\d{1,12})?$/.test(text) ? finite(Number(text)) : undefined;
}

/** A number with the letter of a power of 1024, as BusyBox and ZFS shorten it: `1.2m`, `3K`. */
export function toScaled(text: string | undefined): number | undefined {
  const [, digits, letter = ''] = /^(\d{1,15}(?:\.\d{1,6})?)([kmgtpe]?)$/i.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  return Math.round(Number(digits) * 1024 ** (letter === '' ? 0 : ' kmgtpe'.indexOf(letter.toLowerCase())));
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}
