import type { Distribution, Family, Labels } from './family.ts';

/**
 * Prometheus text exposition format 0.0.4: HELP, TYPE and one line a sample, sorted by metric. `common` are labels of
 * every sample.
 */
export function prometheusText(families: readonly Family[], common: Labels = {}): string {
  const sorted = [...families].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map((family) => familyText(family, common)).join('');
}

function familyText(family: Family, common: Labels): string {
  const { name, help, type } = family;
  const lines =
    family.type === 'histogram'
      ? family.samples.flatMap((sample) => histogramLines(name, family.bounds, sample, common))
      : family.samples.map(({ labels, value }) => line(name, { ...common, ...labels }, value));
  return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels: own, counts, sum }: Distribution,
  common: Labels,
): readonly string[] {
  const labels = { ...common, ...own };
  let total = 0;
  const buckets = counts.map((count, at) => {
    total += count;
    return line(`${name}_bucket`, { ...labels, le: number(bounds[at] ?? Number.POSITIVE_INFINITY) }, total);
  });
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, total)];
}

function line(name: string, labels: Labels, value: number): string {
  const shown = Object.entries(labels).map(([label, text]) => `${label}="${escapedLabel(text)}"`);
  return `${name}${shown.length === 0 ? '' : `{${shown.join(',')}}`} ${number(value)}`;
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapedLabel(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}
