// node try.js '[["192.0.2.10",22,"tcp"]]': prints, for each, "reached" or why not. At most 1.5 s.
import dgram from 'node:dgram';
import net from 'node:net';

const limitMs = 1_500;

/** Reached is what answers: a byte for TCP (all here greet first), a datagram for UDP. */
function tryTcp(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const timer = setTimeout(() => done('no answer'), limitMs);
    const done = (outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    socket.once('data', () => done('reached'));
    socket.once('error', (error) => done(error.code));
    socket.once('end', () => done('closed'));
  });
}

function tryUdp(host, port) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
    const timer = setTimeout(() => done('no answer'), limitMs);
    const done = (outcome) => {
      clearTimeout(timer);
      socket.removeAllListeners('error').on('error', () => {});
      socket.close();
      resolve(outcome);
    };
    socket.once('message', () => done('reached'));
    socket.once('error', (error) => done(error.code));
    socket.connect(port, host, () => socket.send('?'));
  });
}

const wanted = JSON.parse(process.argv[2]);
const outcomes = await Promise.all(
  wanted.map(([host, port, kind]) => (kind === 'udp' ? tryUdp : tryTcp)(host, port)),
);
process.stdout.write(JSON.stringify(outcomes));
