import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The machines of the demo, and what lies in the home directory of each. */
export const demoMachines = {
  bastion: {
    'etc/hostname': 'bastion\n',
    'etc/timezone': 'Europe/Berlin\n',
    'etc/motd': 'The way in. Nothing runs here.\n',
  },
  web1: {
    'etc/hostname': 'web1\n',
    'etc/timezone': 'Europe/Berlin\n',
    'etc/nginx/nginx.conf': nginxConf({ bodySize: '10m' }),
    'etc/nginx/sites/shop.conf': 'server_name shop.example.org;\n',
    'var/log/app.log': appLog({ requests: 900, timeoutEvery: 90 }),
  },
  web2: {
    'etc/hostname': 'web2\n',
    'etc/timezone': 'Europe/Berlin\n',
    'etc/nginx/nginx.conf': nginxConf({ bodySize: '1m' }),
    'etc/nginx/sites/shop.conf': 'server_name shop.example.org;\n',
    'var/log/app.log': appLog({ requests: 700, timeoutEvery: 350 }),
  },
  db1: {
    'etc/hostname': 'db1\n',
    'etc/timezone': 'America/New_York\n',
    'etc/postgresql.conf': "listen_addresses = '10.0.0.12'\nmax_connections = 40\nshared_buffers = 2GB\n",
    'var/log/postgresql.log':
      '2026-11-21 10:00:07 LOG checkpoint complete\n2026-11-21 10:04:31 FATAL sorry, too many clients already\n',
  },
} as const;

export type DemoMachine = keyof typeof demoMachines;

/** Write the files of one machine below `homeDir`. */
export function writeDemoFiles(machine: DemoMachine, homeDir: string): void {
  for (const [path, content] of Object.entries(demoMachines[machine])) {
    mkdirSync(dirname(join(homeDir, path)), { recursive: true });
    writeFileSync(join(homeDir, path), content, { mode: 0o644 });
  }
}

function nginxConf({ bodySize }: { bodySize: string }): string {
  return `worker_processes 4;\nhttp { client_max_body_size ${bodySize}; include sites/*.conf; }\n`;
}

/** Long enough that one page of an answer does not hold it. */
function appLog({ requests, timeoutEvery }: { requests: number; timeoutEvery: number }): string {
  const firstMs = Date.UTC(2026, 10, 21, 10);
  const lines = Array.from({ length: requests }, (_, index) => {
    const time = new Date(firstMs + index * 1_000).toISOString().slice(0, 19);
    if (index % timeoutEvery === timeoutEvery - 1) return `${time}Z ERROR payments: upstream timed out`;
    if (index % 400 === 399) return `${time}Z ERROR cart: no such session`;
    return `${time}Z INFO GET /shop/item/${1_000 + index} 200 ${3 + (index % 17)} ms`;
  });
  return `${lines.join('\n')}\n`;
}
