import type { SFTPWrapper } from 'ssh2';
import sftpModule from 'ssh2/lib/protocol/SFTP.js';
import type { Passenger } from './passenger.ts';

/** The pipes below do their own flow control: the window of ssh2's channel is kept open. */
const openWindow = 2 ** 31;

/**
 * ssh2's SFTP client over the pipes of `ssh -s … sftp`; emits `end` and `close` as over a channel. Rejects with
 * ssh2's Error, or one of ours, where no SFTP server answers.
 */
export async function sftpOver({ stdin, stdout, stderr, ended, kill }: Passenger): Promise<SFTPWrapper> {
  const end = () => ({ id: 0, window: openWindow, packetSize: 2 ** 20, state: 'open' as const });
  const carrier = {
    channelData(_id: number, data: Buffer) {
      stdin.write(data);
      sftp.outgoing.window = openWindow;
    },
    channelClose: kill,
    channelWindowAdjust() {},
  };
  const channel = { type: 'session' as const, incoming: end(), outgoing: end() };
  const sftp = new sftpModule.SFTP({ _protocol: carrier }, channel, {});
  stderr.resume();
  stdout.on('data', (data: Buffer) => sftp.push(data));
  void ended.then(() => {
    sftp.push(null);
    sftp.emit('close');
  });
  return await new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('the server ended the SFTP channel'));
    const onError = (error: Error) => {
      sftp.removeListener('close', onClose);
      reject(error);
    };
    sftp.once('error', onError);
    sftp.once('close', onClose);
    sftp.once('ready', () => {
      sftp.removeListener('error', onError);
      sftp.removeListener('close', onClose);
      resolve(sftp);
    });
    sftp._init();
  });
}
