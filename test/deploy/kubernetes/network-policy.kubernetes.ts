import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../machine.ts';
import { type Client, connect } from '../mcp-client.ts';
import { addresses, type Endpoint, everything, intoThePod } from '../network/addresses.ts';
import { type Lab, openLab } from '../network/lab.ts';
import { type KnownPod, type NetworkPolicy, policyToNft } from '../network/policy-to-nft.ts';
import { copySources } from '../tools.ts';
import { helmTemplate, type Manifest, only, policies } from './manifests.ts';
import { everyValue, shapes, sidecarValues } from './shapes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'scout-policy-'));
let lab: Lab;

beforeAll(async () => {
  copySources(directory);
  cpSync(join(root, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  run('npm', ['run', '--silent', 'build'], { cwd: directory });
  lab = await openLab({ ssh: join(directory, 'ssh'), keys: join(directory, 'keys') });
  for (const name of ['ssh', 'keys']) symlinkSync(join(lab.directory, name), join(directory, name));
});

afterAll(async () => {
  await lab?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Pods of the cluster that selectors can mean, and one that none should. */
const neighbours: readonly KnownPod[] = [
  { address: addresses.dns, namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  {
    address: addresses.collector,
    namespace: 'observability',
    labels: { 'app.kubernetes.io/name': 'otel-collector' },
  },
  { address: addresses.otherPod, namespace: 'default', labels: { 'k8s-app': 'kube-dns' } },
];

/** The rules for the pod that these manifests make. */
function rulesOf(
  manifests: readonly Manifest[],
  held: readonly NetworkPolicy[] = policies(manifests),
): string {
  const deployment = only(manifests, 'Deployment');
  const { labels } = deployment.spec.template.metadata;
  return policyToNft(held, { namespace: deployment.metadata.namespace ?? '', labels }, neighbours);
}

const dns: readonly Endpoint[] = ['dns:53', 'dns:53/udp'];

/** What each may reach, written down here and not read from the policy. */
const allowed: Readonly<Record<string, readonly Endpoint[]>> = {
  'the chart with its defaults': dns,
  'the chart with every value': ['target:22', ...dns, 'collector:4318'],
  'the chart as a sidecar': ['target:22', 'stranger:443', ...dns],
  'kustomize/base': ['target:22', ...dns],
  'kustomize/examples/pod': ['target:22', ...dns, 'collector:4318'],
  'kustomize/examples/sidecar': ['target:22', 'stranger:443', ...dns],
};

async function look(client: Client, host: string): Promise<string> {
  const args = { hosts: host, command: 'echo it is me' };
  const { content } = await client.request('tools/call', { name: 'scout_query', arguments: args });
  return content.map(({ text }: { text: string }) => text).join('\n');
}

async function startScout(): Promise<Client> {
  const words = ['netns', 'exec', lab.pod, process.execPath, join(directory, 'bin', 'scout-mcp.js')];
  const env = { PATH: process.env.PATH, HOME: directory, SCOUT_SSH_CONFIG: join(directory, 'ssh', 'config') };
  return await connect('ip', words, env);
}

describe('without a policy', () => {
  it('everything is reached, in both directions: so the checks below can fail', async () => {
    lab.hold('');
    expect(await lab.reach(everything)).toEqual(everything);
    expect(await lab.reachPod(intoThePod)).toEqual(intoThePod);
  });

  it('scout reaches hosts that no policy names', async () => {
    lab.hold('');
    const client = await startScout();
    expect(await look(client, 'stranger')).toContain('it is me');
    await client.end();
  });
});

describe.each(Object.keys(shapes))('under the policy of %s', (name) => {
  it('the pod reaches what it should and nothing else, and nothing reaches the pod', async () => {
    lab.hold(rulesOf(shapes[name]?.() ?? []));
    const expected = everything.filter((endpoint) => allowed[name]?.includes(endpoint));
    expect(expected).toHaveLength(allowed[name]?.length ?? 0);
    expect(await lab.reach(everything)).toEqual(expected);
    expect(await lab.reachPod(intoThePod)).toEqual([]);
  });
});

describe('scout under the policy of kustomize/base', () => {
  it('works on a real host by its address and by its name, and on no other', async () => {
    lab.hold(rulesOf(shapes['kustomize/base']?.() ?? []));
    const before = lab.sshd.connectionCount();
    const client = await startScout();
    for (const host of ['web1', 'named']) expect(await look(client, host)).toContain('it is me');
    expect(await look(client, 'stranger')).toMatch(/^(unreachable|connect_timeout): /);
    expect(lab.sshd.connectionCount() - before).toBe(2);
    await client.end();
  });
});

describe('a policy that is too wide', () => {
  it('is found out: a rule without peers, one without ports, a network that is too large', async () => {
    const wider = async (rule: object) => {
      const manifests = helmTemplate();
      const [policy] = policies(manifests);
      if (!policy) throw new Error('no policy');
      const egress = [...(policy.spec.egress ?? []), rule];
      lab.hold(rulesOf(manifests, [{ ...policy, spec: { ...policy.spec, egress } }]));
      return await lab.reach(everything);
    };
    expect(await wider({ ports: [{ protocol: 'TCP', port: 443 }] })).toContain('metadata:443');
    expect(await wider({ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] })).toContain('target:8080');
    expect(await wider({ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 22 }] })).toContain(
      'stranger:22',
    );
  });

  it('is not translated where it holds one direction only, selects another pod, or has what is not understood', () => {
    const manifests = helmTemplate({ ...everyValue, podLabels: {} });
    const [policy] = policies(manifests);
    if (!policy) throw new Error('no policy');
    const changed = (spec: Partial<NetworkPolicy['spec']>) => () =>
      rulesOf(manifests, [{ ...policy, spec: { ...policy.spec, ...spec } }]);
    expect(changed({})).not.toThrow();
    expect(changed({ policyTypes: ['Egress'] })).toThrow('both directions');
    expect(changed({ podSelector: { matchLabels: { app: 'other' } } })).toThrow('both directions');
    expect(changed({ ingress: [{}] })).toThrow('lets something in');
    const odd = { matchExpressions: [] } as NetworkPolicy['spec']['podSelector']; // a field that the type lacks
    expect(changed({ podSelector: odd })).toThrow('not translated: matchExpressions');
    expect(rulesOf(helmTemplate(sidecarValues, 'agent'))).toContain('198.51.100.0/24');
  });
});
