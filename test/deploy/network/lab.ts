import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterwards } from '../../fixtures/janitor.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { run } from '../machine.ts';
import { addresses, type Endpoint, openPorts, type Place, podPorts } from './addresses.ts';

/** Two network namespaces: one for a pod, and the world, with a real sshd and decoys. Nothing outside is touched. */
export interface Lab {
  /** Name of the pod's namespace, for `ip netns exec`; its path is /run/netns/NAME. */
  readonly pod: string;
  readonly sshd: Sshd;
  /**
   * What a pod has mounted: `ssh/config`, `ssh/known_hosts` and `keys/id_ed25519`, for user 65532, and `resolv.conf`.
   * Hosts: `web1` by its address, `named` by the name web1.lab, `stranger` beyond the policies.
   */
  readonly directory: string;
  /** Put these rules (nft) in the place of all that the pod had. Empty: nothing holds it. */
  hold(rules: string): void;
  /** Which of these the pod reaches. */
  reach(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]>;
  /** Which of these, in the pod, the world reaches. Something listens there meanwhile. */
  reachPod(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]>;
  close(): Promise<void>;
}

/** Make it; `paths` are where the pod has the files of `directory`. */
export async function openLab(paths: { readonly ssh: string; readonly keys: string }): Promise<Lab> {
  const [pod, world] = [`scout-pod-${process.pid}`, `scout-world-${process.pid}`];
  // what is left of a namespace's processes goes with it
  const remove = afterwards(`
    for name in '${pod}' '${world}'; do
      kill -KILL $(ip netns pids "$name"); ip netns del "$name"; rm -rf "/etc/netns/$name"
    done`);
  run('sh', ['-euc', wire, 'sh', pod, world]);
  const sshd = await startSshd({
    wrapper: ['ip', 'netns', 'exec', world],
    config: ['ListenAddress 0.0.0.0:22', 'ListenAddress [::]:22'],
  });
  const decoys = await listen(world, { ...openPorts, at: worldAddresses() });
  const attempt = async (from: string, endpoints: readonly Endpoint[]) => {
    const wanted = endpoints.map((endpoint) => {
      const [place, port, kind = 'tcp'] = endpoint.split(/[:/]/);
      return [addresses[place as Place], Number(port), kind]; // by the form of Endpoint
    });
    const words = ['netns', 'exec', from, process.execPath, programs.attempt, JSON.stringify(wanted)];
    const outcomes: string[] = JSON.parse(run('ip', words));
    return endpoints.filter((_, index) => outcomes[index] === 'reached');
  };
  return {
    pod,
    sshd,
    directory: writeMounts(sshd, pod, paths),
    hold: (rules) => void inPod(pod, ['nft', '-f', '-'], `flush ruleset\n${rules}`),
    reach: (endpoints) => attempt(pod, endpoints),
    reachPod: async (endpoints) => {
      const listeners = await listen(pod, { ...podPorts, at: [addresses.pod, addresses.pod6] });
      try {
        return await attempt(world, endpoints);
      } finally {
        await listeners();
      }
    },
    close: async () => {
      await decoys();
      await sshd.stop();
      await remove();
    },
  };
}

/** What runs in a namespace; Node 20 starts no TypeScript. */
const programs = {
  attempt: fileURLToPath(new URL('./try.js', import.meta.url)),
  listen: fileURLToPath(new URL('./listen.js', import.meta.url)),
} as const;

const wire = `
ip netns add "$1"; ip netns add "$2"
ip link add pod netns "$1" type veth peer name world netns "$2"
for name in "$1" "$2"; do ip -n "$name" link set lo up; ip netns exec "$name" sysctl -qw net.ipv6.conf.all.disable_ipv6=0; done
ip -n "$1" addr add ${addresses.pod}/24 dev pod; ip -n "$1" addr add ${addresses.pod6}/64 dev pod nodad
ip -n "$2" addr add ${addresses.gateway}/24 dev world; ip -n "$2" addr add ${addresses.gateway6}/64 dev world nodad
ip -n "$1" link set pod up; ip -n "$2" link set world up
ip -n "$1" route add default via ${addresses.gateway}; ip -n "$1" -6 route add default via ${addresses.gateway6}
for address in ${worldAddresses().map(withPrefix).join(' ')}; do ip -n "$2" addr add "$address" dev lo nodad 2>/dev/null || ip -n "$2" addr add "$address" dev lo; done`;

function worldAddresses(): string[] {
  const { pod, pod6, gateway, gateway6, ...elsewhere } = addresses;
  return Object.values(elsewhere);
}

function withPrefix(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function inPod(pod: string, words: readonly string[], input: string): string {
  return run('ip', ['netns', 'exec', pod, ...words], { input });
}

/** Listeners in a namespace; the function returned ends them. */
async function listen(
  namespace: string,
  where: { readonly tcp: readonly number[]; readonly udp: readonly number[]; readonly at: readonly string[] },
): Promise<() => Promise<void>> {
  const words = ['netns', 'exec', namespace, process.execPath, programs.listen, JSON.stringify(where)];
  const child = spawn('ip', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => {
      throw new Error(`nothing listens in ${namespace}`);
    }),
  ]);
  child.unref();
  (child.stdin as Socket).unref(); // a pipe of spawn is a net.Socket (node:child_process), typed as Writable
  return async () => {
    child.stdin.end();
    await exited;
  };
}

function writeMounts(
  sshd: Sshd,
  pod: string,
  paths: { readonly ssh: string; readonly keys: string },
): string {
  const directory = join(sshd.directory, 'mounts');
  const [ssh, keys] = [join(directory, 'ssh'), join(directory, 'keys')];
  for (const path of [ssh, keys, `/etc/netns/${pod}`]) mkdirSync(path, { recursive: true });
  for (const path of [sshd.directory, directory, ssh, keys]) chmodSync(path, 0o755);
  copyFileSync(sshd.keys.ed25519, join(keys, 'id_ed25519'));
  chmodSync(join(keys, 'id_ed25519'), 0o400);
  chownSync(join(keys, 'id_ed25519'), 65532, 65532);
  const hostKeys = sshd.hostKeyLines.map((line) => line.split(' ').slice(1).join(' '));
  const names = [addresses.target, addresses.stranger, 'web1.lab'].join(',');
  writeFileSync(join(ssh, 'known_hosts'), hostKeys.map((key) => `${names} ${key}\n`).join(''));
  const host = (alias: string, name: string, more: Readonly<Record<string, string>> = {}) =>
    sshd.configFor(alias, {
      HostName: name,
      Port: '22',
      IdentityFile: `${paths.keys}/id_ed25519`,
      UserKnownHostsFile: `${paths.ssh}/known_hosts`,
      ConnectTimeout: '5',
      ...more,
    });
  const hosts = [
    host('web1', addresses.target),
    host('named', 'web1.lab'),
    host('stranger', addresses.stranger),
    host('proxied', addresses.target, { ProxyCommand: 'nc %h %p' }),
  ];
  writeFileSync(join(ssh, 'config'), hosts.join('\n'));
  const resolver = `nameserver ${addresses.dns}\noptions timeout:1 attempts:1\n`;
  for (const path of [join(directory, 'resolv.conf'), `/etc/netns/${pod}/resolv.conf`])
    writeFileSync(path, resolver);
  return directory;
}
