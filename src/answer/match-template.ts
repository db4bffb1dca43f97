/**
 * The variables of a URI by a template with `{name}` (no slash) and `{+name}` (anything), percent-decoded;
 * undefined where it does not match (RFC 6570 sections 3.2.2 and 3.2.3, read backwards).
 */
export function matchTemplate(template: string, uri: string): Readonly<Record<string, string>> | undefined {
  const names: string[] = [];
  const pattern = template.replace(
    /\{(\+?)(\w+)\}|[^{]+/g,
    (literal, reserved: string | undefined, name?: string) => {
      if (name === undefined) return literal.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      names.push(name);
      return reserved ? '(.*)' : '([^/?#]+)';
    },
  );
  const match = new RegExp(`^${pattern}$`, 's').exec(uri);
  if (!match) return undefined;
  try {
    return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]));
  } catch {
    return undefined; // a stray percent sign
  }
}
