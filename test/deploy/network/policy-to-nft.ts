/** As much of a NetworkPolicy (networking.k8s.io/v1) as is translated; anything else in one is refused. */
export interface NetworkPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly unknown[];
    readonly egress?: readonly Rule[];
  };
}

interface Rule {
  readonly to?: readonly Peer[];
  readonly ports?: readonly {
    readonly protocol?: string;
    readonly port?: number;
    readonly endPort?: number;
  }[];
}

interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string>>;

/** A pod that a selector can mean. */
export interface KnownPod {
  readonly address: string;
  readonly namespace: string;
  readonly labels: Labels;
}

/**
 * The rules for nft(8) that hold one pod to the policies which select it, as a network plugin would: what one of them
 * lets through is let through, the rest is refused. Throws where none selects it, or where the translation would lose
 * something.
 */
export function policyToNft(
  policies: readonly NetworkPolicy[],
  pod: { readonly namespace: string; readonly labels: Labels },
  others: readonly KnownPod[],
): string {
  const own = policies.filter(({ spec }) => matches(spec.podSelector, pod.labels));
  const isolated = new Set(own.flatMap(({ spec }) => spec.policyTypes));
  if (!isolated.has('Ingress') || !isolated.has('Egress'))
    throw new Error('no policy holds the pod in both directions');
  if (own.some(({ spec }) => (spec.ingress ?? []).length > 0)) throw new Error('a policy lets something in');
  const accepted = own
    .flatMap(({ spec }) => spec.egress ?? [])
    .flatMap((rule) => ruleLines(rule, pod, others));
  return `table inet pod {
  chain input {
    type filter hook input priority 0; policy drop;
    iif "lo" accept
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
  chain output {
    type filter hook output priority 0; policy drop;
    oif "lo" accept
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
${accepted.map((line) => `    ${line} accept\n`).join('')}    reject with icmpx admin-prohibited
  }
}
`;
}

function ruleLines(rule: Rule, pod: { readonly namespace: string }, others: readonly KnownPod[]): string[] {
  refuseOthers(rule, ['to', 'ports']);
  // No peers is every peer, and no ports is every port: so the API has it.
  const peers =
    rule.to === undefined || rule.to.length === 0
      ? ['']
      : rule.to.flatMap((peer) => peerMatches(peer, pod, others));
  const ports = rule.ports === undefined || rule.ports.length === 0 ? [''] : rule.ports.map(portMatch);
  return peers.flatMap((peer) => ports.map((port) => `${peer} ${port}`.trim()));
}

function peerMatches(peer: Peer, pod: { readonly namespace: string }, others: readonly KnownPod[]): string[] {
  refuseOthers(peer, ['ipBlock', 'namespaceSelector', 'podSelector']);
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    const family = cidr.includes(':') ? 'ip6' : 'ip';
    const but = except.length > 0 ? ` ${family} daddr != { ${except.join(', ')} }` : '';
    return [`${family} daddr ${cidr}${but}`];
  }
  const { namespaceSelector, podSelector } = peer;
  return others
    .filter(({ namespace, labels }) => {
      const rightNamespace = namespaceSelector
        ? matches(namespaceSelector, { 'kubernetes.io/metadata.name': namespace })
        : namespace === pod.namespace;
      return rightNamespace && matches(podSelector ?? {}, labels);
    })
    .map(({ address }) => `ip daddr ${address}`);
}

function portMatch({ protocol = 'TCP', port, endPort }: NonNullable<Rule['ports']>[number]): string {
  if (port === undefined) return `meta l4proto ${protocol.toLowerCase()}`;
  return `${protocol.toLowerCase()} dport ${endPort === undefined ? port : `${port}-${endPort}`}`;
}

function matches(selector: Selector, labels: Labels): boolean {
  refuseOthers(selector, ['matchLabels']);
  return Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

function refuseOthers(value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`not translated: ${unknown.join(', ')}`);
}
