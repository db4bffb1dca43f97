import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProgram } from '../../fixtures/own-program.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

/** Names that the resolver of a namespace of its own knows. sshd listens on 127.0.0.1 alone. */
const hosts = `
127.0.0.1 localhost dual four
::1 dual six
127.0.0.9 source both-sources
2001:db8::9 both-sources six-source
`;

const program = `
import { aHost } from '/test/ssh/known-hosts/a-host.ts';
import { connectTcp } from '/src/ssh/connection/transport.ts';
import { ScoutError } from '/src/errors.ts';
for (const changes of JSON.parse(process.argv[2])) {
  try {
    const transport = await connectTcp(aHost(changes), AbortSignal.timeout(20_000));
    console.log(transport.stream.localAddress);
    transport.destroy();
  } catch (error) {
    console.log(error instanceof ScoutError ? error.code + ': ' + error.message : 'thrown ' + error);
  }
}`;

interface Asked {
  readonly hostName: string;
  readonly bindAddress?: string;
  readonly bindInterface?: string;
  readonly addressFamily?: 'inet' | 'inet6';
}

const refused = 'unreachable';
const cases: readonly (readonly [asked: Asked, from: string])[] = [
  [{ hostName: 'dual' }, '127.0.0.1'],
  [{ hostName: 'dual', bindAddress: '127.0.0.2' }, '127.0.0.2'],
  [{ hostName: 'dual', bindAddress: '::1' }, refused],
  [{ hostName: 'dual', bindAddress: 'source' }, '127.0.0.9'],
  [{ hostName: 'dual', bindAddress: 'both-sources' }, '127.0.0.9'],
  [{ hostName: 'dual', bindAddress: 'six-source' }, refused],
  [{ hostName: 'dual', bindAddress: 'no-such-name.invalid' }, refused],
  [{ hostName: 'dual', bindInterface: 'lo' }, '127.0.0.1'],
  [{ hostName: 'dual', bindInterface: 'lo', addressFamily: 'inet6' }, refused],
  [{ hostName: 'dual', bindAddress: '127.0.0.2', bindInterface: 'none0' }, '127.0.0.2'],
  [{ hostName: 'four', bindAddress: '::1' }, refused],
  [{ hostName: '127.0.0.1', bindAddress: 'both-sources', addressFamily: 'inet' }, '127.0.0.9'],
  [{ hostName: 'six', bindAddress: '127.0.0.2' }, refused],
];

it('a connection comes from where ssh lets it come from, to whichever address of the host that fits', async () => {
  const file = join(sshd.directory, 'hosts');
  writeFileSync(file, hosts);
  const settings = cases.map(([asked]) => ({ ...asked, port: sshd.port }));
  const ours = namespaced(file, [process.execPath, await makeProgram(program), JSON.stringify(settings)]);
  const asked = ours.stdout.trim().split('\n');
  const found = cases.map(([words], index) => ({
    words,
    ours: asked[index]?.replace(/: .*/, ''),
    ssh: bySsh(file, words),
  }));
  expect(found).toEqual(cases.map(([words, from]) => ({ words, ours: from, ssh: from })));
  expect(asked).toContainEqual(
    expect.stringMatching(/^unreachable: web1: BindAddress ::1 is no address that fits four/),
  );
});

function bySsh(file: string, { hostName, bindAddress, bindInterface, addressFamily }: Asked): string {
  const config = sshd.writeConfig(
    sshd.configFor('web1', {
      HostName: hostName,
      BindAddress: bindAddress,
      BindInterface: bindInterface,
      AddressFamily: addressFamily,
      StrictHostKeyChecking: 'no',
      UserKnownHostsFile: '/dev/null',
    }),
  );
  const ended = namespaced(file, ['ssh', '-F', config, 'web1', 'echo "$SSH_CLIENT"']);
  return ended.status === 0 ? (ended.stdout.split(' ')[0] ?? '') : refused;
}

function namespaced(file: string, words: readonly string[]): { stdout: string; status: number | null } {
  const script = 'mount --bind "$0" /etc/hosts; exec "$@"';
  const before = ['-m', '--propagation', 'private', 'sh', '-ec', script, file];
  return spawnSync('unshare', [...before, ...words], { encoding: 'utf8' });
}
