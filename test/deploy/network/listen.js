// node listen.js '{"tcp":[80],"udp":[53],"at":["192.0.2.10"]}': answer on these TCP ports of every address, and on these
// UDP ports of the given ones (bound to all, an answer would come from another address than it was asked for), until
// stdin ends. A name asked for on UDP 53 is 192.0.2.10 if it ends in .lab; everything else gets a greeting.
import dgram from 'node:dgram';
import net from 'node:net';

const { tcp, udp, at } = JSON.parse(process.argv[2]);
const listening = [
  ...tcp.map(
    (port) => (ready) =>
      net.createServer((socket) => socket.on('error', () => {}).end('hello\n')).listen(port, '::', ready),
  ),
  ...at.flatMap((own) =>
    udp.map((port) => (ready) => {
      const socket = dgram.createSocket(net.isIPv6(own) ? 'udp6' : 'udp4');
      socket.on('message', (message, from) => socket.send(answer(port, message), from.port, from.address));
      socket.bind(port, own, ready);
    }),
  ),
];

function answer(port, query) {
  if (port !== 53 || query.length < 17) return Buffer.from('hello\n');
  let end = 12;
  while (query[end]) end += query[end] + 1;
  const isAddress = query.readUInt16BE(end + 1) === 1;
  const isKnown = query.subarray(12, end).toString('latin1').endsWith('\x03lab');
  const count = isAddress && isKnown ? 1 : 0;
  const head = Buffer.from([query[0], query[1], 0x85, isKnown ? 0x80 : 0x83, 0, 1, 0, count, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 10]);
  return Buffer.concat([head, query.subarray(12, end + 5), ...(count ? [record] : [])]);
}

let left = listening.length;
for (const listen of listening) {
  listen(() => {
    left -= 1;
    if (left === 0) process.stdout.write('ready\n');
  });
}
process.stdin.resume().on('end', () => process.exit());
