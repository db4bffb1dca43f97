import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { readDashboards, readMetrics, readPage, readRules, readRuleTests } from './committed.ts';
import { lookedAt } from './promql.ts';

const metrics = readMetrics();
const records = readRules('recording.rules.yml');
const alerts = readRules('alerts.rules.yml');
const dashboards = readDashboards();
const shown = dashboards.flatMap(({ file, panels }) =>
  panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ where: `${file}, ${title}`, expression: expr })),
  ),
);
const expressions = [
  ...[...records, ...alerts].map(({ name, expression }) => ({ where: name, expression })),
  ...shown,
];

/** What Prometheus and node_exporter have of their own. */
const others = ['up', 'node_textfile_scrape_error'];
/** Labels that a scrape adds, `pid` for `%p` in the name of the file among them. */
const scraped = ['job', 'instance', 'pid'];

/** Every series there is, with the labels that it may have. */
const series = new Map<string, ReadonlySet<string>>();
const everyLabel = new Set([...scraped, 'le', ...[...metrics.values()].flatMap(({ labels }) => labels)]);
for (const [name, { type, labels }] of metrics) {
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  for (const suffix of suffixes)
    series.set(name + suffix, new Set([...labels, ...scraped, ...(suffix === '_bucket' ? ['le'] : [])]));
}
for (const name of [...others, ...records.map((record) => record.name)]) series.set(name, everyLabel);

describe('rules and dashboards', () => {
  it('look at series and labels that exist, and at nothing else', () => {
    expect(expressions.length).toBeGreaterThan(80);
    const wrong = expressions.flatMap(({ where, expression }) => {
      const { selected, grouped } = lookedAt(expression);
      const names = selected.filter(({ metric }) => !series.has(metric)).map(({ metric }) => metric);
      const labels = selected.flatMap(({ metric, labels: named }) =>
        named.filter((label) => !series.get(metric)?.has(label)),
      );
      const groups = grouped.filter((label) => !everyLabel.has(label));
      return selected.length === 0
        ? [`${where}: nothing`]
        : [...names, ...labels, ...groups].map((one) => `${where}: ${one}`);
    });
    expect(wrong).toEqual([]);
  });

  it('name error codes that exist', () => {
    const named = expressions.flatMap(({ expression }) => lookedAt(expression).codes);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !(errorCodes as readonly string[]).includes(code))).toEqual([]);
  });

  it('leave out no metric', () => {
    const used = new Set(
      expressions.flatMap(({ expression }) => lookedAt(expression).selected.map((one) => one.metric)),
    );
    const isUsed = (name: string) => [name, `${name}_bucket`].some((each) => used.has(each));
    expect([...metrics.keys()].filter((name) => !isUsed(name))).toEqual([]);
  });

  it('and no recorded series is made for nobody', () => {
    const used = new Set(
      expressions.flatMap(({ expression }) => lookedAt(expression).selected.map((one) => one.metric)),
    );
    expect(records.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('alerts', () => {
  const tests = readRuleTests();

  it.each(alerts.map(({ name, text }) => [name, text]))(
    '%s has tests, a severity and a section in docs/monitoring.md',
    (name, text) => {
      expect(tests).toMatch(new RegExp(`alertname: ${name}\\n +exp_alerts:\\n +- exp_labels`));
      expect(tests).toMatch(new RegExp(`alertname: ${name}, exp_alerts: \\[\\] \\}`));
      expect(text).toMatch(/severity: (critical|warning) \}/);
      expect(text).toContain(`runbook: docs/monitoring.md#${name.toLowerCase()}\n`);
      expect(readPage()).toMatch(new RegExp(`^### ${name}$`, 'm'));
    },
  );

  it('docs/monitoring.md describes no others', () => {
    const described = [...readPage().matchAll(/^### (Scout\w+)$/gm)].map(([, name]) => name);
    expect(described.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
  });
});

describe.each(dashboards.map((dashboard) => [dashboard.file, dashboard] as const))(
  '%s',
  (file, { uid, tags, panels }) => {
    it('is named after its file and found by its tag', () => {
      expect(`${uid}.json`).toBe(`scout-${file}`);
      expect(tags).toEqual(['scout-mcp']);
    });

    it('has panels side by side, each with a unit and the data source that was chosen', () => {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
      const places = new Set<string>();
      for (const { title, gridPos, datasource, fieldConfig } of panels) {
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect(places.has(`${x} ${y}`), `${title} covers another`).toBe(false);
            places.add(`${x} ${y}`);
          }
        expect(fieldConfig.defaults.unit, title).toBeTruthy();
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's, not ours
        expect(datasource.uid, title).toBe('${datasource}');
      }
    });

    it('shows the machines that were chosen', () => {
      for (const { title, targets } of panels)
        for (const { expr } of targets)
          for (const { metric, labels } of lookedAt(expr).selected)
            expect(labels, `${title}: ${metric}`).toContain('instance');
    });
  },
);

it('There is a dashboard for each question', () => {
  expect(dashboards.map(({ file }) => file).toSorted()).toEqual([
    'connections.json',
    'overview.json',
    'performance.json',
    'resources.json',
    'security.json',
  ]);
});
