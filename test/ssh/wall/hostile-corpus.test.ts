import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { damageBy, hostileCommands } from './contain-hostile.ts';
import { type Contained, contain } from './contained.ts';

let contained: Contained;
beforeAll(async () => {
  contained = await contain();
});
afterAll(() => contained.end());

/** Every command of the corpus runs in the soak; here those of one place in each row of `every`. */
const sample = (every: number, from = 0) => hostileCommands.filter((_, at) => at % every === from);

const accounts = [
  ['root', { uid: 0, gid: 0 }],
  ['an ordinary user', { uid: 65534, gid: 65534 }],
] as const;

const kill = 'pkill -9 -f "^sleep 86400"; while pgrep -f "^sleep 86400" >/dev/null; do sleep 0.01; done';
/** A command's group is killed when it ends: it must have left that by then, or be known to be held. */
const leave =
  'setsid sleep 1000 >/dev/null 2>&1 & for i in 1 2 3 4 5 6 7 8 9; do pgrep -f "^sleep 1000" >/dev/null && break; sleep 0.05; done';
/** What is done where nothing holds it, and what a line that shows it has in it. */
const done = {
  'an ordinary user': [
    [kill, '- process'],
    ['touch /tmp/made', '+ own/tmp/made '],
    ['chmod 700 f', '+ layer/srv/home/f f '],
    ['echo x >/dev/shm/made', '+ own/shm/made '],
    [leave, 'sleep 1000'],
    ['ipcmk -Q', '65534 65534'],
    ["perl -MSocket -e 'socket S, 2, 2, 0; send S, 1, 0, sockaddr_in 9, inet_aton q(192.0.2.9)'", '+ dev'],
  ],
  root: [
    ['touch -d 2001-01-01 /etc/passwd', '+ layer/etc/passwd f '],
    ['rm /etc/hostname', '+ layer/etc/hostname c '],
    ['mount -t tmpfs none /mnt', ' /mnt rw'],
    ['hostname other', '+ other'],
    [
      'sysctl -q net.ipv4.ip_forward=1 || echo 1 >/proc/sys/net/ipv4/ip_forward',
      '+ /proc/sys/net/ipv4/ip_forward:1',
    ],
    ['echo 1000 >/proc/sys/kernel/shmmni', '+ /proc/sys/kernel/shmmni:1000'],
    ['ip link set eth0 down', 'state DOWN'],
    ['ip route add 198.51.100.0/24 dev lo', '+ 198.51.100.0/24 dev lo'],
    [kill, '- process'],
  ],
} as const;

const doneBy = (who: keyof typeof done) => done[who].map(([command]) => command);

describe.each(accounts)('as %s', (who, ids) => {
  test('hostile commands that no parser looked at change nothing', async () => {
    const commands = [...sample(12, ids.uid % 12), ...doneBy(who)];
    expect(commands.length).toBeGreaterThan(130);
    expect(await damageBy(contained, ids, commands, { kind: '' })).toBe('');
  });

  test('nor where any command line may run', async () => {
    const commands = [...sample(32, ids.uid % 32), ...doneBy(who)];
    expect(await damageBy(contained, ids, commands, { kind: 'walled' })).toBe('');
  });
});

describe('without a wall', () => {
  test.each(accounts)('each of them is seen, done by %s', async (who, ids) => {
    const other = await contain();
    try {
      const damage = await damageBy(other, ids, doneBy(who), {
        kind: undefined,
        limitMs: 10_000,
        patienceMs: 100,
      });
      const seen = damage.slice(0, damage.indexOf('\nafter one of'));
      expect(
        done[who].filter(([, trace]) => !seen.includes(trace)),
        seen,
      ).toEqual([]);
    } finally {
      other.end();
    }
  });
});
