/** Who is where in the lab. All of it is in two network namespaces of the test's own. */
export const addresses = {
  pod: '10.244.7.2',
  pod6: 'fd00:7::2',
  gateway: '10.244.7.1',
  gateway6: 'fd00:7::1',
  /** In 192.0.2.0/24, the SSH targets of the committed policies. */
  target: '192.0.2.10',
  /** Beside that network. */
  stranger: '198.51.100.10',
  stranger6: '2001:db8::10',
  /** Where clouds answer with credentials. */
  metadata: '169.254.169.254',
  api: '10.96.0.1',
  dns: '10.244.0.53',
  collector: '10.244.0.43',
  otherPod: '10.244.0.99',
} as const;

export type Place = keyof typeof addresses;

/** Something that may be tried: `target:22`, or `dns:53/udp`. */
export type Endpoint = `${Place}:${number}` | `${Place}:${number}/udp`;

/** Ports that answer on every address of the world; 22 is a real sshd. */
export const openPorts = { tcp: [53, 80, 443, 2222, 4318, 6443, 8080, 10250], udp: [53, 123, 514] } as const;

const world = ['target', 'stranger', 'stranger6', 'metadata', 'api', 'dns', 'collector', 'otherPod'] as const;

/** Everything that the pod could reach if nothing held it. */
export const everything: readonly Endpoint[] = world.flatMap((place) => [
  ...[22, ...openPorts.tcp].map((port): Endpoint => `${place}:${port}`),
  ...openPorts.udp.map((port): Endpoint => `${place}:${port}/udp`),
]);

/** Ports where something listens in the pod, when the world tries to reach it. */
export const podPorts = { tcp: [22, 80, 443, 8080], udp: [53] } as const;

/** What the world could reach in the pod if nothing held it. */
export const intoThePod: readonly Endpoint[] = (['pod', 'pod6'] as const).flatMap((place) => [
  ...podPorts.tcp.map((port): Endpoint => `${place}:${port}`),
  ...podPorts.udp.map((port): Endpoint => `${place}:${port}/udp`),
]);
