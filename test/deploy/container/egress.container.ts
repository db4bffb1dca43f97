import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../mcp-client.ts';
import { addresses } from '../network/addresses.ts';
import { type Lab, openLab } from '../network/lab.ts';
import { type NetworkPolicy, policyToNft } from '../network/policy-to-nft.ts';
import { loadTool } from '../tools.ts';
import { images } from './build-images.ts';
import { runWords } from './podman.ts';

/** The container in the network namespace of the lab, held there by the committed NetworkPolicy. */
const policyFile = join(import.meta.dirname, '../../../deploy/kustomize/base/network-policy.yaml');
let lab: Lab;

beforeAll(async () => {
  lab = await openLab({ ssh: '/etc/scout/ssh', keys: '/etc/scout/keys' });
});
afterAll(() => lab?.close());

function hold(): void {
  const { parse } = loadTool<{ parse(text: string): NetworkPolicy }>('container', 'yaml');
  const policy = parse(readFileSync(policyFile, 'utf8'));
  const labels = { 'app.kubernetes.io/name': 'scout-mcp', 'app.kubernetes.io/instance': 'scout-mcp' };
  const dns = { address: addresses.dns, namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  lab.hold(policyToNft([policy], { namespace: 'scout-mcp', labels }, [dns]));
}

async function start(settings: Readonly<Record<string, string>> = {}): Promise<Client> {
  const mount = (from: string, to: string) => `--volume=${join(lab.directory, from)}:${to}:ro`;
  const env = { SCOUT_SSH_CONFIG: '/etc/scout/ssh/config', ...settings };
  return await connect(
    'podman',
    runWords(images.tested, [
      `--network=ns:/run/netns/${lab.pod}`,
      mount('ssh', '/etc/scout/ssh'),
      mount('keys', '/etc/scout/keys'),
      mount('resolv.conf', '/etc/resolv.conf'),
      ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    ]),
  );
}

/** The text of `cat /etc/hostname`-like work on one host. */
async function look(client: Client, host: string): Promise<string> {
  const args = { hosts: host, command: 'echo it is me' };
  const { content } = await client.request('tools/call', { name: 'scout_query', arguments: args });
  return content.map(({ text }: { text: string }) => text).join('\n');
}

describe('a container under the egress policy', () => {
  it('works on a real host, by its address and by its name', async () => {
    hold();
    const client = await start();
    for (const host of ['web1', 'named']) expect(await look(client, host)).toContain('it is me');
    expect(lab.sshd.connectionCount()).toBeGreaterThanOrEqual(2);
    await client.end();
  });

  it('does not reach a host beyond it, which it reaches without the policy', async () => {
    hold();
    const held = await start();
    expect(await look(held, 'stranger')).toMatch(/^unreachable: /);
    await held.end();
    lab.hold('');
    const free = await start();
    expect(await look(free, 'stranger')).toContain('it is me');
    await free.end();
  });

  it('says what is missing where a host wants a program that the image does not have', async () => {
    lab.hold('');
    const client = await start();
    expect(await look(client, 'proxied')).toMatch(/^proxy_failed: /);
    await client.end();
    const other = await start({ SCOUT_SSH_ENGINE: 'openssh' });
    expect(await look(other, 'web1')).toMatch(/^\w+: .*ssh/);
    await other.end();
  });
});
