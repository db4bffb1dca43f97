import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeUser, startSshd } from '../test/fixtures/sshd.ts';
import type { Place } from './contender.ts';
import { startWireApart, type WireApart } from './wire-apart.ts';

const lineBytes = 64;
const hostCount = 100;

/** The machine that all the work is done on, near and far. */
export interface Range {
  /** Its hosts with so much added to a round trip, in ms. */
  at(roundTripMs: number): Promise<Place>;
  stop(): Promise<void>;
}

/** Sizes of the files in the home directory and, for uploads, in `Place.local`: by name. */
export const files = { '1k': 1024, '1m': 1024 ** 2, '10m': 10 * 1024 ** 2, '64m': 64 * 1024 ** 2 } as const;

/** One sshd, an account with dash, files of several sizes, and a directory of 200 names. Needs root. */
export async function startRange(): Promise<Range> {
  const local = mkdtempSync(join(tmpdir(), 'bench-'));
  chmodSync(local, 0o700);
  const names = Array.from({ length: 200 }, (_, index) => [`many/file-${index}.txt`, 'x\n'] as const);
  const contents = Object.entries(files).map(([name, bytes]) => [name, text(bytes)] as const);
  const user = await makeUser({ shell: 'dash', files: Object.fromEntries([...names, ...contents]) });
  writeFileSync(join(local, 'up'), text(files['64m']));
  // adding one that is there leaves the list as OpenSSH comes with it, which that of the tests is not
  const sshd = await startSshd({ user: user.name, config: ['KexAlgorithms +curve25519-sha256'] });
  const wires: WireApart[] = [];
  const places = new Map<number, Place>();
  const add = async (roundTripMs: number): Promise<Place> => {
    let port = sshd.port;
    if (roundTripMs > 0) {
      const wire = await startWireApart(sshd.port, roundTripMs);
      wires.push(wire);
      port = wire.port;
    }
    const knownHosts = join(local, `known-hosts-${roundTripMs}`);
    const lines = sshd.hostKeyLines.map((line) => line.replace(`:${sshd.port}`, `:${port}`));
    writeFileSync(knownHosts, `${lines.join('\n')}\n`);
    const hosts = Array.from({ length: hostCount }, (_, index) => `h${index + 1}`);
    const blocks = hosts.map((host, index) =>
      sshd.configFor(host, {
        Port: String(port),
        UserKnownHostsFile: knownHosts,
        ServerAliveInterval: String(600 + index), // another setting is another connection
      }),
    );
    const config = sshd.writeConfig(...blocks);
    return {
      port,
      user: user.name,
      key: sshd.keys.ed25519,
      knownHosts,
      config,
      hosts,
      local,
      home: user.home,
    };
  };
  return {
    async at(roundTripMs) {
      const place = places.get(roundTripMs) ?? (await add(roundTripMs));
      places.set(roundTripMs, place);
      return place;
    },
    async stop() {
      await Promise.all(wires.map((wire) => wire.stop()));
      await sshd.stop();
      await user.remove();
      rmSync(local, { recursive: true, force: true });
    },
  };
}

/** Lines of text that are all different, as those of a log are. */
function text(bytes: number): string {
  const line = (number: number) => `${String(number).padStart(10)} ${'sixteen letters '.repeat(4)}`;
  const lines = Array.from({ length: bytes / lineBytes }, (_, number) =>
    line(number).slice(0, lineBytes - 1),
  );
  return `${lines.join('\n')}\n`;
}
