/** What a schema of JSON Schema may say here: the words that tools publish for their results. */
interface Words {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, object>>;
  readonly items?: object;
  readonly required?: readonly string[];
}

const words: ReadonlySet<string> = new Set(['type', 'properties', 'items', 'required']);

/**
 * Where `value` does not fit a JSON Schema, and how; undefined where it fits. Throws for a word of the schema that it
 * does not know: it never takes for checked what it did not check. zod reads all of JSON Schema, for 12 KB of package.
 */
export function misfit(value: unknown, schema: object, at = 'the result'): string | undefined {
  const unknown = Object.keys(schema).find((word) => !words.has(word));
  if (unknown !== undefined) throw new Error(`${at}: the demo cannot check "${unknown}" of a schema`);
  const { type, properties = {}, items, required = [] }: Words = schema;
  const found = typeOf(value);
  if (type !== undefined && type !== found) return `${at} is of type ${found}, not ${String(type)}`;
  if (Array.isArray(value)) return items && firstMisfit(value.entries(), () => items, at);
  if (!isObject(value)) return undefined;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${at} has no ${missing}`;
  return firstMisfit(Object.entries(value), (name) => properties[name], at);
}

function firstMisfit<Key extends string | number>(
  parts: Iterable<[Key, unknown]>,
  schemaOf: (key: Key) => object | undefined,
  at: string,
): string | undefined {
  for (const [key, part] of parts) {
    const schema = schemaOf(key);
    const found = schema && misfit(part, schema, `${at}.${key}`);
    if (found) return found;
  }
  return undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeOf(value) === 'object';
}
