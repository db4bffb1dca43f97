import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settings } from '../../src/settings.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json'));
const variables = Object.values(settings).map(({ variable }) => variable);

it('The chart takes every setting but those that it sets itself', () => {
  const schema = JSON.parse(read('deploy/helm/scout-mcp/values.schema.json'));
  const itsOwn = ['SCOUT_SSH_CONFIG', 'SCOUT_KNOWN_HOSTS', 'SCOUT_SSH_ENGINE'];
  const taken = Object.keys(schema.properties.settings.properties);
  expect(taken.sort()).toEqual(variables.filter((name) => !itsOwn.includes(name)).sort());
});

it('Image, chart and manifests have the version of the package', () => {
  expect(read('Dockerfile')).toContain(`\nARG VERSION=${version}\n`);
  const chart = read('deploy/helm/scout-mcp/Chart.yaml');
  expect(chart).toMatch(new RegExp(`^version: ${version}$`, 'm'));
  expect(chart).toMatch(new RegExp(`^appVersion: ${version}$`, 'm'));
  for (const file of ['base/deployment.yaml', 'components/sidecar/deployment-patch.yaml'])
    expect(read(`deploy/kustomize/${file}`)).toContain(`image: scout-mcp:${version}\n`);
});

it('compose.yaml passes on settings that exist, and .env.example names what it reads', () => {
  const compose = read('compose.yaml');
  const passed = [...compose.matchAll(/^ {6}((?:SCOUT|OTEL)_\w+):/gm)].map(([, name]) => name);
  expect(passed.length).toBeGreaterThan(5);
  expect(passed.filter((name) => !variables.includes(name ?? '') && !name?.startsWith('OTEL_'))).toEqual([]);
  const wanted = new Set([...compose.matchAll(/\$\{(\w+):-/g)].map(([, name]) => name));
  const explained = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(explained.sort()).toEqual([...wanted].sort());
});

it('compose.yaml opens no port, and writes nowhere but into its volume', () => {
  const compose = read('compose.yaml');
  expect(compose).not.toMatch(/^\s*(ports|expose|privileged|network_mode|cap_add|devices|tmpfs):/m);
  expect(compose).toMatch(/^ {4}read_only: true$/m);
  expect(compose.match(/type: bind/g)).toHaveLength(compose.match(/^ {8}read_only: true$/gm)?.length ?? 0);
});

it('The Dockerfile takes its bases as arguments, opens no port and ends as user 65532', () => {
  const lines = read('Dockerfile')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an argument of the Dockerfile
  expect(of('FROM')).toEqual(['FROM ${BUILD_BASE} AS build', 'FROM ${RUNTIME_BASE}']);
  expect(of('USER')).toEqual(['USER 65532:65532']);
  expect([...of('EXPOSE'), ...of('VOLUME'), ...of('ADD'), ...of('CMD')]).toEqual([]);
  expect(read('Dockerfile')).not.toMatch(/^# *syntax=/m); // it would make every build fetch a front end
});

it('Nothing gets into a build but what .dockerignore names', () => {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(lines[0]).toBe('*');
  expect(lines.slice(1).filter((line) => !line.startsWith('!'))).toEqual([]);
  expect(lines.filter((line) => /^!(\.|test|node_modules|dist|\*)/.test(line))).toEqual([]);
});
