import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  chart,
  helm,
  helmTemplate,
  kustomize,
  type Manifest,
  ofKind,
  only,
  parse,
  print,
  trivy,
} from './manifests.ts';
import { everyValue, shapes, sidecarValues } from './shapes.ts';
import { problemsOf } from './validate.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'scout-manifests-'));
const rendered = new Map<string, Manifest[]>();

beforeAll(() => {
  for (const [name, render] of Object.entries(shapes)) rendered.set(name, render());
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const manifestsOf = (name: string) => rendered.get(name) ?? [];
const podOf = (manifests: readonly Manifest[]) => only(manifests, 'Deployment').spec.template.spec;

describe('the chart', () => {
  it.each([
    ['its defaults', {}],
    ['every value', everyValue],
    ['a sidecar', sidecarValues],
  ])('passes helm lint --strict with %s', (_, values) => {
    const file = join(directory, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    expect(helm(['lint', '--strict', chart, '--values', file])).toContain('0 chart(s) failed');
  });

  it.each([
    ['an unknown value', { ports: [80] }],
    ['an unknown setting', { settings: { SCOUT_NOPE: '1' } }],
    ['a number, which Helm would write as 1.048576e+06', { settings: { SCOUT_MAX_FILE_SIZE: 1048576 } }],
    ['a sidecar without an agent', { mode: 'sidecar' }],
    ['an agent without the mode', { agent: { name: 'a', image: 'b' } }],
    ['an endpoint without a way to it', { otlp: { endpoint: 'http://collector:4318' } }],
    ['an egress rule to everywhere', { networkPolicy: { extraEgress: [{ ports: [{ port: 443 }] }] } }],
    ['a peer that is everybody', { networkPolicy: { dns: [{}] } }],
    ['a short digest', { image: { digest: 'sha256:12' } }],
    ['an external secret without data', { keys: { externalSecret: { enabled: true } } }],
    ['a private key among the known hosts', { ssh: { knownHosts: '-----BEGIN OPENSSH PRIVATE KEY-----' } }],
  ])('refuses %s', (_, values) => {
    expect(() => helmTemplate(values)).toThrow(/values don't meet the specifications of the schema/);
  });

  it('gives the same pod, policy and account as the kustomize base', () => {
    const targets = { networkPolicy: { sshTargets: [{ cidr: '192.0.2.0/24' }] } };
    const [ours, base] = [helmTemplate(targets), kustomize('base')];
    expect(podOf(ours)).toEqual(podOf(base));
    expect(only(ours, 'Deployment').spec.strategy).toEqual(only(base, 'Deployment').spec.strategy);
    const [policy, more] = ofKind(base, 'NetworkPolicy').filter(
      ({ metadata }) => metadata.name === 'scout-mcp',
    );
    expect(more).toBeUndefined();
    expect(only(ours, 'NetworkPolicy').spec).toEqual(policy?.spec);
    expect(only(ours, 'ServiceAccount').automountServiceAccountToken).toBe(false);
  });

  it('lets nothing out where it is given no target, no DNS and no collector', () => {
    const { spec } = only(helmTemplate({ networkPolicy: { dns: [] } }), 'NetworkPolicy');
    expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [] });
  });

  it('has the version of the package, and so has the base', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [info] = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'));
    expect(info).toMatchObject({ version, appVersion: version });
    expect(podOf(kustomize('base')).containers[0].image).toBe(`scout-mcp:${version}`);
  });
});

describe.each(Object.keys(shapes))('%s', (name) => {
  it('is what the API takes, to the last field', async () => {
    const manifests = manifestsOf(name);
    expect(manifests.length).toBeGreaterThan(2);
    for (const manifest of manifests)
      expect([manifest.kind, ...(await problemsOf(manifest))]).toEqual([manifest.kind]);
  });

  it('has no Service, no port, no role and no Secret with something in it', () => {
    const allowed = /^(Namespace|ServiceAccount|ConfigMap|Deployment|NetworkPolicy|ExternalSecret)$/;
    const manifests = manifestsOf(name);
    expect(manifests.filter(({ kind }) => !allowed.test(kind))).toEqual([]);
    for (const container of podOf(manifests).containers) expect(container).not.toHaveProperty('ports');
  });

  it('is restricted, by the Pod Security Standards and beyond', () => {
    const pod = podOf(manifestsOf(name));
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostAliases'])
      expect(pod).not.toHaveProperty(field);
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        runAsGroup: expect.any(Number),
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(resources).toMatchObject({ limits: { memory: expect.any(String) }, requests: {} });
    }
    const kinds = pod.volumes
      .flatMap((volume: object) => Object.keys(volume))
      .filter((key: string) => key !== 'name');
    expect([...new Set(kinds)].filter((kind) => !/^(configMap|secret|emptyDir)$/.test(String(kind)))).toEqual(
      [],
    );
  });

  it('gives the keys to scout alone, read-only', () => {
    const pod = podOf(manifestsOf(name));
    const secret = pod.volumes.find((volume: { secret?: object }) => volume.secret);
    const mounts = pod.containers.flatMap(({ name: container, volumeMounts = [] }: Manifest) =>
      volumeMounts
        .filter((mount: Manifest) => String(mount.name) === secret.name)
        .map((mount: Manifest) => [container, mount.mountPath, mount.readOnly]),
    );
    expect(secret.secret.defaultMode).toBe(0o440);
    expect(mounts).toEqual([['scout', '/etc/scout/keys', true]]);
  });

  it('has a peer in every egress rule', () => {
    for (const { spec } of ofKind(manifestsOf(name), 'NetworkPolicy'))
      for (const rule of spec.egress ?? []) expect(rule.to.length).toBeGreaterThan(0);
  });
});

describe('the admission examples', () => {
  it('refuse images without a digest, and images that the release workflow did not sign', async () => {
    const manifests = kustomize('admission');
    const native = manifests.filter(({ apiVersion }) => apiVersion.startsWith('admissionregistration'));
    expect(native).toHaveLength(2);
    for (const manifest of native) expect(await problemsOf(manifest)).toEqual([]);
    const { spec } = only(manifests, 'ClusterImagePolicy');
    expect(spec).toMatchObject({ mode: 'enforce', authorities: [{ keyless: { identities: [{}] } }] });
    const subject = new RegExp(spec.authorities[0].keyless.identities[0].subjectRegExp);
    const workflow = 'https://github.com/OWNER/scout-mcp/.github/workflows/release.yml@refs/tags/';
    expect(subject.test(`${workflow}v1.2.3`)).toBe(true);
    expect(subject.test(`${workflow}v1.2.3/../main`)).toBe(false);
    expect(subject.test(`${workflow.replace('OWNER', 'SOMEBODY')}v1.2.3`)).toBe(false);
  });
});

describe('the checks themselves', () => {
  it('find an unknown field, a wrong type and a missing field', async () => {
    const change = async (edit: (manifest: Manifest) => void) => {
      const manifest = structuredClone(only(kustomize('base'), 'Deployment'));
      edit(manifest);
      return (await problemsOf(manifest)).join('\n');
    };
    expect(await change(() => {})).toBe('');
    expect(
      await change(({ spec }) => {
        spec.template.spec.containers[0].securityContext.readOnlyRootFileSystem = true;
      }),
    ).toContain('readOnlyRootFileSystem is unknown');
    expect(
      await change(({ spec }) => {
        spec.replicas = 'one';
      }),
    ).toMatch(/replicas/);
    expect(
      await change(({ spec }) => {
        delete spec.selector;
      }),
    ).toMatch(/selector/);
  });
});

describe('trivy', () => {
  /** KSV116 of this version fails everything, a Namespace too; the test of the restricted pod holds what it is about. */
  const broken = ['KSV116'];

  /** What fails below a directory, and in how many files something was looked at. */
  function scan(from: string): { readonly failures: readonly string[]; readonly files: number } {
    const output = join(directory, 'trivy.json');
    const quiet = ['--quiet', '--skip-policy-update', '--include-non-failures'];
    const where = ['--cache-dir', join(directory, 'trivy-cache'), '--format', 'json', '--output', output];
    trivy(['config', ...quiet, ...where, from], directory);
    interface Report {
      readonly Results?: readonly {
        readonly Target: string;
        readonly MisconfSummary?: { readonly Successes: number };
        readonly Misconfigurations?: readonly { readonly ID: string; readonly Status: string }[];
      }[];
    }
    const { Results = [] }: Report = JSON.parse(readFileSync(output, 'utf8'));
    const failures = Results.flatMap(({ Target, Misconfigurations = [] }) =>
      Misconfigurations.filter(({ ID, Status }) => Status === 'FAIL' && !broken.includes(ID)).map(
        ({ ID }) => `${Target} ${ID}`,
      ),
    );
    const looked = Results.filter(({ MisconfSummary }) => (MisconfSummary?.Successes ?? 0) > 0);
    return { failures, files: looked.length };
  }

  it('finds nothing in the Dockerfile and in what is rendered, and does find what is wrong', () => {
    const good = mkdtempSync(join(directory, 'good-'));
    const bad = mkdtempSync(join(directory, 'bad-'));
    for (const [name, manifests] of rendered)
      writeFileSync(join(good, `${name.replaceAll(/\W/g, '-')}.yaml`), print(manifests));
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    writeFileSync(join(good, 'Dockerfile'), dockerfile);
    expect(scan(good)).toEqual({ failures: [], files: rendered.size + 1 });
    writeFileSync(join(bad, 'Dockerfile'), dockerfile.replace(/^USER .*$/m, 'USER root'));
    const deployment = structuredClone(only(kustomize('base'), 'Deployment'));
    deployment.spec.template.spec.containers[0].securityContext.privileged = true;
    writeFileSync(join(bad, 'deployment.yaml'), print([deployment]));
    expect([...scan(bad).failures].sort()).toEqual(['Dockerfile DS002', 'deployment.yaml KSV017']);
  }, 180_000);
});
