import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
export const prometheusFiles = join(root, 'deploy', 'prometheus');
const grafanaFiles = join(root, 'deploy', 'grafana');

export interface Rule {
  readonly kind: 'record' | 'alert';
  readonly name: string;
  readonly expression: string;
  readonly text: string;
}

/** The rules of a file, which are written in one way: promtool reads YAML, this does not. */
export function readRules(file: 'alerts.rules.yml' | 'recording.rules.yml'): Rule[] {
  const text = readFileSync(join(prometheusFiles, file), 'utf8').replace(/^ *#.*\n/gm, '');
  return text
    .split(/^ {6}- (?=record:|alert:)/m)
    .slice(1)
    .map((rule) => {
      const [, kind, name = ''] = /^(record|alert): (\S+)\n/.exec(rule) ?? [];
      const [, block, line] = /^ {8}expr: (?:>-\n((?: {10}.*\n)+)|(.+)\n)/m.exec(rule) ?? [];
      const expression = block ?? line;
      if ((kind !== 'record' && kind !== 'alert') || expression === undefined) throw new Error(rule);
      return { kind, name, expression, text: rule };
    });
}

/** All tests of deploy/prometheus/tests in one text. */
export function readRuleTests(): string {
  const directory = join(prometheusFiles, 'tests');
  return readdirSync(directory)
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
}

export interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
}

export function readDashboards(): Dashboard[] {
  return readdirSync(grafanaFiles)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(grafanaFiles, file), 'utf8')) }));
}

/** The metrics of docs/telemetry.md; a test of src/observe/metrics holds that page to the code. */
export function readMetrics(): Map<string, { readonly type: string; readonly labels: readonly string[] }> {
  const page = readFileSync(join(root, 'docs', 'telemetry.md'), 'utf8');
  return new Map(
    [...page.matchAll(/^\| `(scout_\w+)` \| (\w+) \|([^|]*)\|/gm)].map(
      ([, name = '', type = '', labels = '']) => [
        name,
        { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) },
      ],
    ),
  );
}

export function readPage(): string {
  return readFileSync(join(root, 'docs', 'monitoring.md'), 'utf8');
}
