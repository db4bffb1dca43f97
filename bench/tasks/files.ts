/** Files of a machine, by their paths below /srv. */
export type Files = Readonly<
  Record<string, { readonly text: string; readonly sizeBytes?: number; readonly isNew?: boolean }>
>;

const requests = 600;

/** A web server; on each 60th request of its log it failed with that status. */
export function webFiles({
  workerConnections,
  failure,
}: {
  workerConnections: number;
  failure: number;
}): Files {
  const lines = Array.from({ length: requests }, (_, at) => {
    const time = new Date(Date.UTC(2026, 10, 20, 10) + at * 1_000).toISOString().slice(0, 19);
    const status = at % 60 === 59 && at < requests - 1 ? failure : 200;
    return `${time}Z 198.51.100.7 "GET /item/${at} HTTP/1.1" ${status} ${500 + (at % 100)}\n`;
  });
  const nginx = [
    'user www-data;',
    'worker_processes auto;',
    'events {',
    `  worker_connections ${workerConnections};`,
    '}',
    'http {',
    ...Array.from({ length: 60 }, (_, at) => `  # site ${at}\n  include sites/${at}.conf;`),
    '}\n',
  ];
  return {
    'nginx/nginx.conf': { text: nginx.join('\n') },
    'nginx/sites/0.conf': { text: 'server_name shop.example.org;\n' },
    'nginx/sites/new.conf': { text: 'server_name new.example.org;\n', isNew: true },
    'log/access.log': { text: lines.join('') },
  };
}

export const databaseFiles: Files = {
  'postgresql/postgresql.conf': {
    text: "listen_addresses = '10.0.0.12'\nmax_connections = 40\nshared_buffers = 2GB\n",
  },
  'postgresql/base/16384/1259': { text: 'x', sizeBytes: 900 * 1024 * 1024 },
  'postgresql/log/slow.log': { text: 'x', sizeBytes: 31 * 1024 ** 3 },
  'backup/monday.dump': { text: 'x', sizeBytes: 2 * 1024 ** 3 },
};

export const applicationFiles: Files = { 'shop/shop.conf': { text: 'port = 8080\n' } };

export const syslog = [
  '2026-11-20T22:10:00.120000+00:00 db-2 systemd[1]: Started cron.service.',
  '2026-11-20T22:11:42.004100+00:00 db-2 kernel: Out of memory: Killed process 977 (postgres)',
  '2026-11-20T22:11:43.000000+00:00 db-2 postgres[981]: terminating any other active server processes',
  '',
].join('\n');

/** What the kernel and the distribution say of every machine. */
export const kernelFiles: Readonly<Record<string, string>> = {
  '/proc/uptime': '5187600.21 20000000.00\n',
  '/proc/loadavg': '0.42 0.37 0.30 1/312 4711\n',
  '/proc/meminfo':
    'MemTotal:  8127412 kB\nMemFree:  912345 kB\nMemAvailable:  5127412 kB\nSwapTotal:  0 kB\nSwapFree:  0 kB\n',
  '/proc/self/mountinfo': '24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n',
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
};
