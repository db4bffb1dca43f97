import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startWire, type Wire, type WireCounts } from '../../bench/wire.ts';
import type { Answer } from '../../src/answer/compose-answer.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';

/** Longer than what either end thinks, so that only what waits for an answer counts as a further round trip. */
const roundTripMs = 60;

let user: TestUser;
let full: Sshd;
let sftpOnly: Sshd;
beforeAll(async () => {
  user = await makeUser({
    shell: 'dash',
    files: { '1k': 'sixteen letters\n'.repeat(64), 'a/b/c/d.txt': 'deep\n', 'a/e.txt': 'flat\n' },
  });
  [full, sftpOnly] = await Promise.all([
    startSshd({ user: user.name }),
    startSshd({ user: user.name, config: ['ForceCommand internal-sftp'] }),
  ]);
});
afterAll(() => Promise.all([full.stop(), sftpOnly.stop()]).then(() => user.remove()));

interface Way {
  readonly wire: Wire;
  /** An ssh_config with web1 at the end of the wire. */
  readonly config: string;
}

/** A new wire to a server. */
async function wireTo(sshd: Sshd): Promise<Way> {
  const wire = await startWire({ targetPort: sshd.port, roundTripMs });
  onTestFinished(() => wire.stop());
  const knownHosts = join(sshd.directory, `known-${wire.port}`);
  const lines = sshd.hostKeyLines.map((line) => line.replace(`:${sshd.port}`, `:${wire.port}`));
  writeFileSync(knownHosts, `${lines.join('\n')}\n`);
  const block = sshd.configFor('web1', { Port: String(wire.port), UserKnownHostsFile: knownHosts });
  return { wire, config: sshd.writeConfig(block) };
}

function scoutOver({ config }: Way): TestScout {
  const scout = makeScout(config, { SCOUT_RATE_LIMIT_PER_MINUTE: '0' });
  onTestFinished(() => scout.close());
  return scout;
}

/** What a call costs on the wire until it has answered; what may still go on behind it is over before. */
async function costOf(
  wire: Wire,
  call: () => Promise<Pick<Answer, 'isError' | 'text'>>,
): Promise<WireCounts> {
  for (let before = -1; before !== wire.counts().bytes.down; await delay(roundTripMs * 2)) {
    before = wire.counts().bytes.down;
  }
  const from = wire.counts();
  const { isError, text } = await call();
  expect(isError, text).toBe(false);
  const to = wire.counts();
  return {
    connections: to.connections - from.connections,
    roundTrips: to.roundTrips - from.roundTrips,
    pieces: { up: to.pieces.up - from.pieces.up, down: to.pieces.down - from.pieces.down },
    bytes: { up: to.bytes.up - from.bytes.up, down: to.bytes.down - from.bytes.down },
  };
}

const query = (scout: TestScout, command: string) => () =>
  scout.call('scout_query', { hosts: 'web1', command });
const read = (scout: TestScout, path: string, more = {}) => {
  const args = { targets: [`web1:${path}`], ...more };
  return () => scout.call('scout_read', args);
};

describe('the first command on a host', () => {
  test('costs six round trips: two fewer than ssh, with the wall', async () => {
    const [ours, theirs] = [await wireTo(full), await wireTo(full)];
    const cost = await costOf(ours.wire, query(scoutOver(ours), 'stat /etc/passwd'));
    const words = ['-F', theirs.config, '-o', 'BatchMode=yes', '-o', 'ControlMaster=no', 'web1'];
    const ssh = spawn('ssh', [...words, 'stat /etc/passwd'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(ssh.stdout, 'data');
    const { roundTrips } = theirs.wire.counts();
    expect(await once(ssh, 'exit')).toEqual([0, null]);
    expect(cost.roundTrips).toBeLessThanOrEqual(roundTrips - 2);
    expect(cost.roundTrips).toBe(6);
    expect(cost.connections).toBe(1);
    // with the wall, which is sent as text
    expect(cost.bytes.up).toBeLessThan(60_000);
    expect(cost.bytes.down).toBeLessThan(4_000);
  });

  test('costs no more where it is a read, and none of it is spent on a door that is not needed', async () => {
    const way = await wireTo(full);
    expect((await costOf(way.wire, read(scoutOver(way), '1k'))).roundTrips).toBe(6);
  });
});

describe('on a connection that is open', () => {
  test('a command, a small file, a listing and a tree cost one round trip each', async () => {
    const way = await wireTo(full);
    const scout = scoutOver(way);
    await query(scout, 'true')();
    const command = await costOf(way.wire, query(scout, 'true'));
    expect(command).toMatchObject({ roundTrips: 1, connections: 0, pieces: { up: 1 } });
    expect(command.bytes.up).toBeLessThan(150);
    expect(command.bytes.down).toBeLessThan(250);
    for (let round = 0; round < 3; round += 1) {
      const file = await costOf(way.wire, read(scout, '1k'));
      expect(file).toMatchObject({ roundTrips: 1, pieces: { up: 1 } });
      // the lines of its script are sent once
      expect(file.bytes.up).toBeLessThan(round === 0 ? 3_000 : 500);
      expect(file.bytes.down).toBeLessThan(1_024 + 500);
    }
    expect((await costOf(way.wire, read(scout, ''))).roundTrips).toBe(1);
    expect((await costOf(way.wire, read(scout, '', { depth: 5 }))).roundTrips).toBe(1);
  });

  test('so do ten commands at a time, each on a worker of its own or in turn', async () => {
    const way = await wireTo(full);
    const scout = scoutOver(way);
    const ten = () => Promise.all(Array.from({ length: 10 }, query(scout, 'true')));
    await ten();
    const { roundTrips } = await costOf(way.wire, async () => {
      const answers = await ten();
      return answers.find(({ isError }) => isError) ?? { isError: false, text: '' };
    });
    expect(roundTrips).toBeLessThanOrEqual(2); // ten callers, eight channels
  });

  test('a small file costs two round trips where there is SFTP only', async () => {
    const way = await wireTo(sftpOnly);
    const scout = scoutOver(way);
    await read(scout, '1k')();
    expect((await costOf(way.wire, read(scout, '1k'))).roundTrips).toBe(2);
  });
});
