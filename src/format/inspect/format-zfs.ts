import type { OnePool, Pool, Pools } from '../../operations/inspect/zfs.ts';
import type { PoolDevice } from '../../operations/inspect/zpool-status.ts';
import { formatBytes } from '../../units.ts';
import { count, factsOf, formatSize, type Line, type Say, type Shown, table } from './shown.ts';

/** ZFS gets slow above this, and snapshots cannot free what they hold. */
const fullPercent = 80;

export function formatPools({ pools }: Pools, say: Say): Shown {
  const unhealthy = pools.filter(isUnhealthy).length;
  const full = pools.filter(isFull).length;
  return {
    heading: [
      count(pools.length, 'pool'),
      unhealthy === 0 ? 'all healthy' : `${unhealthy} with errors or not healthy`,
      ...(full === 0 ? [] : [`${full} over ${fullPercent} % full`]),
    ].join(', '),
    facts: factsOf({ what: 'zfs', total: pools.length, unhealthy, over_80_percent: full }),
    texts: {},
    tables: {
      pools: table(
        ['POOL', 'HEALTH', 'USED', 'SIZE', 'FREE', 'FRAG', 'ERRORS', 'SCAN'],
        pools.map((pool) => ({
          cells: [
            say(pool.pool),
            say(pool.health),
            percent(pool.usedPercent),
            formatSize(pool.sizeBytes),
            formatSize(pool.freeBytes),
            percent(pool.fragmentedPercent),
            say(pool.status?.errors),
            say(pool.status?.scan),
          ],
          facts: { pool: say(pool.pool), ...poolFacts(pool, say) },
        })),
      ),
    },
  };
}

/** One pool: what `zpool status` says of it, and the devices with their errors. */
export function formatPool({ pool }: OnePool, say: Say): Shown {
  const { status } = pool;
  const said: readonly (readonly [string, string | undefined])[] = [
    ['status', status?.status],
    ['action', status?.action],
    ['scan', status?.scan],
    ['errors', status?.errors],
  ];
  return {
    heading: [
      isUnhealthy(pool) ? 'a pool with errors or not healthy' : 'a healthy pool',
      ...(pool.usedPercent === undefined
        ? []
        : [
            `${pool.usedPercent} % of ${formatBytes(pool.sizeBytes ?? 0)} used${isFull(pool) ? ': over 80 %' : ''}`,
          ]),
      ...(pool.fragmentedPercent === undefined ? [] : [`${pool.fragmentedPercent} % fragmented`]),
    ].join(', '),
    facts: factsOf({ what: 'zfs', pool: say(pool.pool), ...poolFacts(pool, say) }),
    texts: {},
    tables: {
      status: table(
        ['', ''],
        [
          line('pool', `${say(pool.pool)} ${say(pool.health)}`),
          ...said.flatMap(([fact, value]) => (value ? [line(fact, say(value))] : [])),
        ],
      ),
      devices: table(
        ['DEVICE', 'STATE', 'READ', 'WRITE', 'CKSUM', 'NOTE'],
        (status?.devices ?? []).map((device) => deviceLine(device, say)),
      ),
    },
  };
}

function poolFacts(pool: Pool, say: Say): Line['facts'] {
  return {
    health: say(pool.health),
    size_bytes: pool.sizeBytes,
    allocated_bytes: pool.allocatedBytes,
    free_bytes: pool.freeBytes,
    used_percent: pool.usedPercent,
    fragmented_percent: pool.fragmentedPercent,
    scan: say(pool.status?.scan),
    errors: say(pool.status?.errors),
  };
}

function deviceLine(device: PoolDevice, say: Say): Line {
  return {
    cells: [
      `${'  '.repeat(device.depth)}${say(device.name)}`,
      say(device.state),
      ...[device.read, device.write, device.checksum].map((errors) =>
        errors === undefined ? '' : String(errors),
      ),
      say(device.note),
    ],
    facts: {
      device: say(device.name),
      depth: device.depth,
      state: say(device.state),
      read_errors: device.read,
      write_errors: device.write,
      checksum_errors: device.checksum,
      note: say(device.note),
    },
  };
}

function isUnhealthy({ health, status }: Pool): boolean {
  if (health !== 'ONLINE') return true;
  if (!status) return false;
  const hasErrors = status.devices.some(
    ({ read = 0, write = 0, checksum = 0 }) => read + write + checksum > 0,
  );
  return hasErrors || (status.errors !== '' && !/^No known data errors$/i.test(status.errors));
}

function isFull({ usedPercent }: Pool): boolean {
  return (usedPercent ?? 0) > fullPercent;
}

function line(fact: string, value: string): Line {
  return { cells: [fact, value], facts: { fact, value } };
}

function percent(number: number | undefined): string {
  return number === undefined ? '' : `${number} %`;
}
