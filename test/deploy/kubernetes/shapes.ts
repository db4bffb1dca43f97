import { helmTemplate, kustomize, type Manifest } from './manifests.ts';

/** Values that use everything the chart has, in a pod of its own. */
export const everyValue = {
  image: { repository: 'registry.example/scout-mcp', digest: `sha256:${'0'.repeat(64)}` },
  imagePullSecrets: [{ name: 'registry' }],
  ssh: { config: 'Host web1\n  HostName 192.0.2.10\n', knownHosts: '192.0.2.10 ssh-ed25519 AAAA\n' },
  keys: {
    secretName: 'keys',
    externalSecret: {
      enabled: true,
      data: [{ secretKey: 'id', remoteRef: { key: 'scout', property: 'id' } }],
    },
  },
  settings: { SCOUT_HOSTS: 'web*', SCOUT_FANOUT: '8', SCOUT_AUDIT_LOG: '/var/lib/scout/audit.jsonl' },
  networkPolicy: {
    sshTargets: [
      { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] },
      { cidr: '2001:db8:1::/64', ports: [22, 2222] },
    ],
  },
  otlp: {
    endpoint: 'http://otel-collector.observability:4318',
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'otel-collector' } },
      },
    ],
  },
  state: { enabled: true },
  podAnnotations: { a: 'b' },
  podLabels: { c: 'd' },
  priorityClassName: 'low',
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'only', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
};

/** A container of an agent, as a user would write it under `agent`. */
const agent = {
  name: 'agent',
  image: 'registry.example/agent:1.0.0',
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 65531,
    runAsGroup: 65531,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
  resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
};

export const sidecarValues = {
  mode: 'sidecar',
  agent,
  networkPolicy: {
    sshTargets: [{ cidr: '192.0.2.0/24' }],
    extraEgress: [
      { to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ protocol: 'TCP', port: 443 }] },
    ],
  },
};

/** Everything that is committed, rendered. */
export const shapes: Readonly<Record<string, () => Manifest[]>> = {
  'the chart with its defaults': () => helmTemplate(),
  'the chart with every value': () => helmTemplate(everyValue),
  'the chart as a sidecar': () => helmTemplate(sidecarValues, 'agent'),
  'kustomize/base': () => kustomize('base'),
  'kustomize/examples/pod': () => kustomize('examples/pod'),
  'kustomize/examples/sidecar': () => kustomize('examples/sidecar'),
};
