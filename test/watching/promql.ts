/** What an expression of PromQL looks at. It knows names, not the grammar: Prometheus itself checks that. */
export interface Looked {
  /** Metrics, with the labels that their selectors name. */
  readonly selected: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels of by, without, on and ignoring. */
  readonly grouped: readonly string[];
  /** Values of matchers of the label `code`. */
  readonly codes: readonly string[];
}

const operators = new Set(['and', 'or', 'unless', 'offset', 'bool']);

export function lookedAt(expression: string): Looked {
  const grouped: string[] = [];
  const bare = expression.replace(/\b(by|without|on|ignoring)\s*\(([^)]*)\)/g, (_, _word, list: string) => {
    grouped.push(...(list.match(/\w+/g) ?? []));
    return ' ';
  });
  const selected = [...bare.replace(/\[[^\]]*\]/g, '').matchAll(/([a-zA-Z_:][\w:]*)(\s*\()?(\{[^}]*\})?/g)]
    .filter(({ index, input }) => !isInside(input, index))
    .filter(([, name = '', call]) => call === undefined && !operators.has(name))
    .map(([, metric = '', , matchers = '']) => ({
      metric,
      labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!=|!~|=)\s*"/g)].map(([, label = '']) => label),
    }));
  const codes = [...bare.matchAll(/\bcode\s*(?:=~|!=|!~|=)\s*"([^"]*)"/g)];
  return { selected, grouped, codes: codes.flatMap(([, values = '']) => values.split('|')) };
}

/** A duration (`5m`), or a matcher without a name before it. */
function isInside(text: string, index: number): boolean {
  return /[\d.]/.test(text[index - 1] ?? '') || text.lastIndexOf('{', index) > text.lastIndexOf('}', index);
}
