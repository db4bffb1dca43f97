/** One question of an operator, and the calls that a model needs for its answer. */
export interface Task {
  readonly question: string;
  readonly calls: readonly { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }[];
  /** What the texts of the calls must hold, for they would else be no answer. */
  readonly answer: readonly (string | RegExp)[];
}

/** The machines are those of world.ts: web1 to web3, db-2 and app1. */
export const tasks: readonly Task[] = [
  {
    question: 'Which machines are there, and are they up?',
    calls: [call('scout_hosts', { probe: true })],
    answer: [/web1 .*SSH-2\.0-/, /app1 .*SSH-2\.0-/],
  },
  {
    question: 'How is app1?',
    calls: [call('scout_inspect', { hosts: 'app1', what: 'overview' })],
    answer: ['1 failed unit', 'shop.service', 'Debian GNU/Linux 12'],
  },
  {
    question: 'Which web server has a different nginx.conf?',
    calls: [call('scout_diff', { targets: ['web*:/srv/nginx/nginx.conf'] })],
    answer: ['web3', '+  worker_connections 512;'],
  },
  {
    question: 'What filled the disk on db-2?',
    calls: [
      call('scout_inspect', { hosts: 'db-2', what: 'storage' }),
      call('scout_find', { targets: ['db-2:/srv'], larger_than: '1G', type: 'file', depth: 20 }),
    ],
    answer: [/\/ .*97 %/, /33285996544 .*postgresql\/log\/slow\.log/],
  },
  {
    question: 'Why did a container stop on app1?',
    calls: [call('scout_inspect', { hosts: 'app1', what: 'docker' })],
    answer: [/hungry.*memory/i],
  },
  {
    question: 'Why is the container "sick" unhealthy?',
    calls: [call('scout_inspect', { hosts: 'app1', what: 'docker', name: 'sick' })],
    answer: ['unhealthy', 'not well'],
  },
  {
    question: 'What did the containers of the shop log when it failed?',
    calls: [call('scout_logs', { hosts: 'web1', source: 'compose:shop', limit: 20 })],
    answer: ['upstream failed', 'deadlock detected'],
  },
  {
    question: 'Who logged in last night?',
    calls: [call('scout_query', { hosts: '*', command: 'last -s yesterday' })],
    answer: ['ann', '203.0.113.9'],
  },
  {
    question: 'Which hosts run an old kernel?',
    calls: [call('scout_query', { hosts: '*', command: 'uname -r' })],
    answer: ['6.1.0-28-amd64', 'db-2', '5.10.0-33-amd64'],
  },
  {
    question: 'Why did the shop not come back after the reboot of app1?',
    calls: [
      call('scout_inspect', { hosts: 'app1', what: 'services' }),
      call('scout_inspect', { hosts: 'app1', what: 'services', name: 'shop.service' }),
    ],
    answer: ['shop.service', /exit.*1/],
  },
  {
    question: 'Was anything killed for want of memory, and where?',
    calls: [call('scout_logs', { hosts: '*', source: 'system', pattern: 'Out of memory' })],
    answer: ['Killed process 4242 (java)', 'Killed process 977 (postgres)'],
  },
  {
    question: 'Is a ZFS pool of db-2 in danger?',
    calls: [
      call('scout_inspect', { hosts: 'db-2', what: 'zfs' }),
      call('scout_inspect', { hosts: 'db-2', what: 'zfs', name: 'tank' }),
    ],
    answer: ['DEGRADED', 'too many errors'],
  },
  {
    question: 'Where is max_connections set?',
    calls: [call('scout_find', { targets: ['*:/srv'], pattern: 'max_connections', name: '*.conf' })],
    answer: ['postgresql.conf', 'max_connections = 40'],
  },
  {
    question: 'Which requests failed on the web servers, in the order of time?',
    calls: [
      call('scout_logs', {
        hosts: 'web*',
        source: 'file:/srv/log/access.log',
        pattern: ' 50[0-9] ',
        merge: true,
      }),
    ],
    answer: [/web1.* 502 /, /web3.* 504 /],
  },
  {
    question: 'How does the newest part of the access log look?',
    calls: [call('scout_read', { targets: ['web1:/srv/log/access.log'], offset: -20 })],
    answer: ['GET /item/599'],
  },
  {
    question: 'Which files of the web servers are of the last two days?',
    calls: [call('scout_find', { targets: ['web*:/srv'], since: '2d', type: 'file' })],
    answer: ['sites/new.conf'],
  },
];

function call(tool: string, args: Readonly<Record<string, unknown>>): Task['calls'][number] {
  return { tool, args };
}
