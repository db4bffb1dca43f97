/** A series as a scraper would store it. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposed {
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly series: readonly Series[];
  /** The value of the one series with these labels (and maybe more); undefined where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

/**
 * Read Prometheus text format 0.0.4 as strictly as its description is: every metric has HELP, TYPE and then its samples
 * in one group, no series comes twice, histograms add up. Throws for anything else.
 */
export function readExposition(text: string): Exposed {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const series: Series[] = [];
  let current = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const help = /^# HELP (\S+) (.*)$/.exec(line);
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (help) {
      if (helps.has(help[1] ?? '')) throw new Error(`${help[1]} comes twice`);
      helps.set(help[1] ?? '', help[2] ?? '');
    } else if (type) {
      current = type[1] ?? '';
      if (!helps.has(current) || types.has(current)) throw new Error(`TYPE of ${current} is out of place`);
      types.set(current, type[2] ?? '');
    } else {
      series.push(readSample(line, current, types.get(current) ?? ''));
    }
  }
  const keys = series.map(keyOf);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice) throw new Error(`${twice} comes twice`);
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, series);
  const value: Exposed['value'] = (name, labels = {}) =>
    series.find(
      (one) =>
        one.name === name && Object.entries(labels).every(([label, wanted]) => one.labels[label] === wanted),
    )?.value;
  return { types, helps, series, value };
}

function readSample(line: string, metric: string, type: string): Series {
  const [, name = '', labelText = '', number = ''] = sampleLine.exec(line) ?? [];
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === `${metric}${suffix}`)) throw new Error(`out of place: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = labelText; rest !== ''; ) {
    const pair = labelPair.exec(rest);
    if (!pair?.[1] || pair[1] in labels) throw new Error(`labels of ${line}`);
    labels[pair[1]] = (pair[2] ?? '').replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one));
    rest = rest.slice(pair[0].length);
  }
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  if (number === '' || Number.isNaN(value)) throw new Error(`no number: ${line}`);
  return { name, labels, value };
}

function checkHistogram(metric: string, all: readonly Series[]): void {
  const groups = new Map<string, Series[]>();
  for (const one of all.filter(({ name }) => name === `${metric}_bucket`)) {
    const { le: _, ...labels } = one.labels;
    const key = JSON.stringify(labels);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const [key, buckets] of groups) {
    const bounds = buckets.map(({ labels }) =>
      labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le),
    );
    const rises = (numbers: readonly number[]) =>
      numbers.every((n, at) => at === 0 || n >= (numbers[at - 1] ?? n));
    const counts = buckets.map(({ value }) => value);
    const count = all.find((one) => one.name === `${metric}_count` && JSON.stringify(one.labels) === key);
    const sum = all.find((one) => one.name === `${metric}_sum` && JSON.stringify(one.labels) === key);
    const isWhole = bounds.at(-1) === Number.POSITIVE_INFINITY && count?.value === counts.at(-1) && sum;
    if (!rises(bounds) || !rises(counts) || !isWhole) throw new Error(`${metric}${key} does not add up`);
  }
}

function keyOf({ name, labels }: Series): string {
  return `${name} ${JSON.stringify(Object.entries(labels).toSorted())}`;
}
