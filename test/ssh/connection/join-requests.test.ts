import { setImmediate } from 'node:timers/promises';
import sftpModule from 'ssh2/lib/protocol/SFTP.js';
import { beforeEach, expect, it } from 'vitest';
import { joinRequests } from '../../../src/ssh/connection/join-requests.ts';

const packetSize = 32 * 1024;
/** SSH_FXP_STAT of `path`, as ssh2 writes it: length, type, id, length of the path, path. */
const statBytes = (path: string) => 4 + 1 + 4 + 4 + path.length;

let sent: (number | 'close')[];
let sftp: InstanceType<typeof sftpModule.SFTP>;

/** ssh2's SFTP client over a connection that only notes what it is given. */
beforeEach(() => {
  sent = [];
  const below = {
    channelData: (_: number, data: Buffer) => sent.push(data.length),
    channelClose: () => sent.push('close'),
    channelWindowAdjust: () => {},
  };
  const end = () => ({ id: 0, window: 2 ** 20, packetSize, state: 'open' as const });
  sftp = new sftpModule.SFTP({ _protocol: below }, { type: 'session', incoming: end(), outgoing: end() }, {});
  joinRequests(sftp);
});

const ask = (path: string) => sftp.stat(path, () => {});

it('sends the requests of one turn together', async () => {
  ask('/etc');
  await Promise.resolve();
  ask('/etc/hostname');
  expect(sent).toEqual([]);
  await setImmediate();
  expect(sent).toEqual([statBytes('/etc') + statBytes('/etc/hostname')]);
});

it('sends those of the next turn after them', async () => {
  ask('/etc');
  await setImmediate();
  ask('/usr/share');
  await setImmediate();
  expect(sent).toEqual([statBytes('/etc'), statBytes('/usr/share')]);
});

it('makes no packet larger than the server takes', async () => {
  const long = '/'.padEnd(packetSize - statBytes('/') - statBytes(''), 'x');
  ask('/');
  ask(long);
  ask(`${long}x`);
  await setImmediate();
  expect(sent).toEqual([packetSize, statBytes(`${long}x`)]);
});

it('sends what waits before the channel is closed', () => {
  ask('/etc');
  sftp.end();
  expect(sent).toEqual([statBytes('/etc'), 'close']);
});
