import type { DemoRequest } from './demo-client.ts';

/** One question of the demo. */
export interface DemoStep {
  readonly question: string;
  /** May use the text that the step before was answered with. */
  readonly request: (before: string) => DemoRequest;
  /** What the answer must hold, in this order. */
  readonly expected: readonly (string | RegExp)[];
  /** A refusal is the right answer. */
  readonly refused?: boolean;
}

/** Every tool and every resource, in the order of a person getting to know them. */
export const demoSteps: readonly DemoStep[] = [
  {
    question: 'What does the server offer?',
    request: () => ({ list: 'everything' }),
    expected: [
      ...[
        'scout_hosts',
        'scout_read',
        'scout_find',
        'scout_query',
        'scout_diff',
        'scout_logs',
        'scout_inspect',
      ],
      ...['hosts://list', 'scout://{host}/{+path}', 'docker://{host}', 'triage'],
    ],
  },
  {
    question: 'Which machines are there?',
    request: () => tool('scout_hosts', {}),
    expected: ['4 hosts', /web1 +127\.0\.0\.1:/, /db1 .* bastion/],
  },
  {
    question: 'Are they up? (a look at the banner, no login)',
    request: () => tool('scout_hosts', { probe: true }),
    expected: [/web1 .*SSH-2\.0-/, /web2 .*SSH-2\.0-/, /db1 .*SSH-2\.0-.*\(jump bastion\)/],
  },
  {
    question: 'What is on web1?',
    request: () => tool('scout_read', { targets: ['web1:~'], depth: 3 }),
    expected: ['web1: ~', 'etc/', 'nginx.conf', 'app.log'],
  },
  {
    question: 'Where is the size of an upload limited, on any of them?',
    request: () => tool('scout_find', { targets: ['*:~/etc'], pattern: 'max_[a-z]+_size' }),
    expected: ['4 hosts: 4 searched', 'web1', 'client_max_body_size 10m', 'web2', 'client_max_body_size 1m'],
  },
  {
    question: 'Which web server has a different nginx.conf?',
    request: () => tool('scout_diff', { targets: ['web*:~/etc/nginx/nginx.conf'] }),
    expected: ['web2: differs', '-http { client_max_body_size 10m', '+http { client_max_body_size 1m'],
  },
  {
    question: 'What went wrong on the web servers, in the order of time?',
    request: () =>
      tool('scout_logs', {
        hosts: 'web*',
        source: 'file:~/var/log/app.log',
        pattern: ' ERROR ',
        merge: true,
        limit: 5,
      }),
    expected: ['5 newest lines', 'web2', 'upstream timed out', 'web1', 'upstream timed out'],
  },
  {
    question: 'How is web1? (the hosts of the demo are shells on your machine: these are its own facts)',
    request: () => tool('scout_inspect', { hosts: 'web1', what: 'overview' }),
    expected: ['web1: ', 'load ', /\nos +\S/],
  },
  {
    question: 'What was the last thing that happened on web2, and on db1 behind the bastion?',
    request: () =>
      tool('scout_read', { targets: ['web2:~/var/log/app.log', 'db1:~/var/log/postgresql.log'], offset: -1 }),
    expected: ['web2: ~/var', 'upstream timed out', 'db1: ~/var', 'too many clients'],
  },
  {
    question: 'Which errors do the web servers see most?',
    request: () => {
      const command = "grep -o 'ERROR .*' ~/var/log/app.log | sort | uniq -c | sort -rn";
      return tool('scout_query', { hosts: 'web*', command });
    },
    expected: [
      '2 hosts: 2 answered',
      'web1: exit 0',
      /10 ERROR payments/,
      'web2: exit 0',
      /2 ERROR payments/,
    ],
  },
  {
    question: 'Who is in another time zone? (equal answers are shown once)',
    request: () => tool('scout_query', { hosts: '*', command: 'cat ~/etc/timezone' }),
    expected: [
      '4 hosts: 4 answered, 0 failed, 2 different',
      'Europe/Berlin',
      'db1: exit 0',
      'America/New_York',
    ],
  },
  {
    question: 'A command that would change something:',
    request: () => tool('scout_query', { hosts: 'web*', command: "find ~ -name '*.log' -delete" }),
    expected: ['command_refused', '-delete', 'Fix: '],
    refused: true,
  },
  {
    question: 'A host that does not exist:',
    request: () => tool('scout_read', { targets: ['web11:~/etc/hostname'] }),
    expected: ['unknown_host', 'web11', 'web1', 'Fix: '],
    refused: true,
  },
  {
    question: 'A log that is longer than one page of an answer:',
    request: () => tool('scout_read', { targets: ['web1:~/var/log/app.log'] }),
    expected: ['10:00:00Z INFO', /not shown: read on with the target "result:\w+@\d+"/],
  },
  {
    question: 'Its kept text, as a resource:',
    request: (before) => ({ resource: `scout-mcp://result/${/"result:(\w+)/.exec(before)?.[1] ?? 'none'}` }),
    expected: ['result:', '10:00:00Z INFO'],
  },
  {
    question: 'The hosts as a resource:',
    request: () => ({ resource: 'hosts://list' }),
    expected: ['4 hosts', /web1 .* connected/],
  },
  {
    question: 'A file as a resource:',
    request: () => ({ resource: 'scout://web1/~/etc/nginx/sites/shop.conf' }),
    expected: ['web1: ~/etc/nginx/sites/shop.conf', 'server_name shop.example.org;'],
  },
  {
    question: 'A person types "we" where a host is wanted:',
    request: () => ({ template: 'scout://{host}/{+path}', variable: 'host', prefix: 'we' }),
    expected: [/^web1\nweb2$/],
  },
  {
    question: 'With db1 chosen, the beginning of a path:',
    request: () => ({
      template: 'scout://{host}/{+path}',
      variable: 'path',
      prefix: '~/var/log/p',
      chosen: { host: 'db1' },
    }),
    expected: [/^~\/var\/log\/postgresql\.log$/],
  },
  {
    question: 'A prompt: a plan for the model, with the words of a person filled in.',
    request: () => ({ prompt: 'find_error', args: { hosts: 'web*', text: 'upstream timed out' } }),
    expected: ['upstream timed out', 'scout_logs'],
  },
  {
    question: 'How is the server itself?',
    request: () => ({ resource: 'scout-mcp://health' }),
    expected: ['"status": "healthy"', '"count": 4'],
  },
];

function tool(name: string, args: Readonly<Record<string, unknown>>): DemoRequest {
  return { tool: name, args };
}
