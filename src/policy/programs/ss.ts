import { isSocketAddress } from '../addresses.ts';
import type { Program } from '../grammar.ts';
import { program } from '../options.ts';
import { Refused } from '../refusal.ts';

const resolves = ['it asks name servers', 'ss -n, which is always printed'] as const;
const namespaces = ['it enters another network', 'ss without it'] as const;

const options = program('ss', {
  options: `
    -n --numeric
    -a --all
    -l --listening
    -o --options
    -e --extended
    -m --memory
    -p --processes
    -i --info
    -s --summary
    -Z --context
    -z --contexts
    -4 --ipv4
    -6 --ipv6
    -0 --packet
    -t --tcp
    -u --udp
    -d --dccp
    -w --raw
    -x --unix
    -S --sctp
    -M --mptcp
    --tipc
    --vsock
    --xdp
    --tos
    --cgroup
    -f --family=inet|inet6|unix|link|netlink|vsock|tipc|xdp
    -A --query --socket=WORD
    -H --no-header
    -O --oneline
    -h --help
    -V --version`,
  operands: 'TEXT*',
  forced: [['-n']],
  refused: {
    '-K': ['it closes sockets', '`ss -tan`, which shows them'],
    '--kill': ['it closes sockets', '`ss -tan`, which shows them'],
    '-r': resolves,
    '--resolve': resolves,
    '-E': ['it never ends', '`ss -tan`'],
    '--events': ['it never ends', '`ss -tan`'],
    '-D': ['it writes a file', '`ss -tan`'],
    '--diag': ['it writes a file', '`ss -tan`'],
    '-F': ['it reads any file', 'the filter as operands'],
    '--filter': ['it reads any file', 'the filter as operands'],
    '-N': namespaces,
    '--net': namespaces,
  },
});

const states =
  'all|connected|synchronized|bucket|big|established|syn-sent|syn-recv|fin-wait-1|fin-wait-2|time-wait|closed|close-wait|last-ack|listening|closing';
const state = new RegExp(`^(?:(?:state|exclude) (?:${states}) )+`);
const condition =
  /^(?:(src|dst)(?: (?:=|==|!=|eq|ne))?|(sport|dport) (?:=|==|!=|<=|>=|<|>|eq|ne|le|ge|lt|gt)) (\S+) /;
const joint = /^(?:and|or|not|&&?|\|\|?|!|\(|\)) /;

/** ss(8). Its filter takes any unknown word for the name of a host, so every word is read in its place. */
export const ss: Program = {
  name: 'ss',
  read: (args) => {
    const tokens = options.read(args);
    const end = tokens.indexOf('--');
    if (end < 0) return tokens;
    // An address in brackets is a pattern to the shell: it is printed quoted.
    const filter = tokens.slice(end + 1).map((token) => (typeof token === 'string' ? token : token.value));
    checkFilter(filter);
    return [...tokens.slice(0, end + 1), ...filter];
  },
};

function checkFilter(words: readonly string[]): void {
  let rest = words.map((word) => `${word} `).join('');
  rest = rest.replace(/[ \t\n]+/g, ' ').replace(/^ /, '');
  rest = rest.replace(state, '');
  while (rest !== '') {
    const found = joint.exec(rest) ?? condition.exec(rest);
    const [whole = '', host, port, value = ''] = found ?? [];
    if (!found || (host && !isSocketAddress(value)) || (port && !/^:?[a-z0-9][\w-]*$/.test(value))) {
      throw unreadable(rest);
    }
    rest = rest.slice(whole.length);
  }
}

function unreadable(rest: string): Refused {
  return new Refused(
    rest.trim() || 'ss',
    'not a filter of ss, or a name that would be asked of name servers',
    "state established; dst 10.0.0.1; dst [::1]; '( sport = :22 or dport = :22 )'",
  );
}
