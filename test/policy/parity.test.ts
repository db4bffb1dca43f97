import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { quote } from '../../src/quote.ts';
import { noRedaction, toRemoteText } from '../../src/remote-text.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';
import { everyday } from './corpus/everyday.ts';
import { sameOutputText } from './corpus/everyday-text.ts';

const run = promisify(execFile);

/** One run of a command: by ssh, or by scout_query. */
interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What differs on purpose: no comparison says anything. */
const apart: readonly (readonly [why: string, commands: RegExp])[] = [
  ["the environment and limits are scout's own", /^printenv |^cat \/proc\/self\/limits$/],
  ['it finds the shell that runs it, and that has another command line', /^pgrep -\w*f|^ps .*\| grep/],
  ['tests beside this one start and end ssh all the time', /^pgrep -a ssh$/],
  ['without a path rg reads stdin where it is a pipe, as that of sshd, and not /dev/null', /^rg error$/],
  ['diff prints its options, which are in another order', /^diff -r\w*N/],
  ['a pattern meant for the program is quoted, whatever names are here', /^find \. -name \*/],
  [
    'a file that is not there is known to zcat only, and a pipe has the status of its end',
    /^zgrep (?!-).*\/var\/log|^zgrep -i/,
  ],
  [
    'whole machines take too long',
    /^(?:find \/ |du .*\/(?:\*|\s|$)|lsof \+D|du -xhd1 \/|sha256sum \/usr|apt-cache policy(?! nginx$))/,
  ],
  ['the plugin is not here', isHere('docker compose version') ? /^$/ : /^docker compose/],
];
/** What the machine does meanwhile may show: compared are the exit status and the first lines without numbers. */
const unsteady =
  /\b(?:ps|ss|free|uptime|date|lsof|df|pgrep|last|who|ip -s|docker|top|journalctl)\b|\/proc|^(?:ls|stat) .*\s\/(?:tmp)?$/;

/** A process of another test may end while all of them are gone through, and that is an exit status. */
const racing = /\/proc\/(?:\*|\[)/;

const absent = new Set(
  absentOf(
    everyday.flatMap((command) => {
      const verdict = judge(command);
      return verdict.allowed ? verdict.programs : [];
    }),
  ),
);
/** One half of them, and the other half another day. */
const half = Math.floor(Date.now() / 86_400_000) % 2;
const commands = [...new Set([...everyday, ...sameOutputText])].filter((command, index) => {
  if (index % 2 !== half) return false;
  const verdict = judge(command);
  const isWhole = verdict.allowed && verdict.programs.every((name) => !absent.has(name));
  return isWhole && !apart.some(([, forms]) => forms.test(command));
});

let sshd: Sshd;
let user: TestUser;
let scout: TestScout;
let ssh: (command: string) => Promise<Outcome>;
let query: (command: string) => Promise<Outcome>;

beforeAll(async () => {
  sshd = await startSshd({ config: ['MaxSessions 20'] });
  user = await makeUser({ shell: 'dash' });
  plantFiles(user);
  const config = sshd.writeConfig(sshd.configFor('here', { User: user.name }));
  scout = makeScout(config, {
    SCOUT_RATE_LIMIT_PER_MINUTE: '0',
    SCOUT_REDACT: 'off',
    SCOUT_KERNEL_WALL: 'off',
    SCOUT_NICE: 'off',
    SCOUT_PAGE_SIZE: '4MiB',
  });
  const control = ['-o', 'ControlMaster=auto', '-o', `ControlPath=${join(sshd.directory, 'master')}`];
  const words = ['-nT', '-F', config, ...control, '-o', 'ControlPersist=60', 'here'];
  ssh = async (command) => {
    const options = { encoding: 'buffer', maxBuffer: 1 << 26 } as const;
    const { stdout, stderr, code } = await run('ssh', [...words, command], options).then(
      (done) => ({ ...done, code: 0 }),
      (failed: { stdout: Buffer; stderr: Buffer; code: number }) => failed,
    );
    return outcome(code, toRemoteText(stdout, noRedaction), toRemoteText(stderr, noRedaction));
  };
  query = async (command) => {
    const { structured } = await scout.call('scout_query', { hosts: 'here', command });
    const [found] = structured.results as { exit_code?: number; stdout?: string; stderr?: string }[];
    if (found?.exit_code === undefined) throw new Error(`${command}: ${JSON.stringify(structured)}`);
    return outcome(found.exit_code, found.stdout ?? '', found.stderr ?? '');
  };
  await ssh('true');
});
afterAll(async () => {
  await scout.close();
  await sshd.stop();
  await user.remove();
});

it(`${commands.length} everyday commands end and print as ssh HOST COMMAND does (not here: ${[...absent].join(' ') || 'none'})`, async () => {
  const queue = [...commands];
  const different: object[] = [];
  let steady = 0;
  const work = async () => {
    for (let command = queue.shift(); command !== undefined; command = queue.shift()) {
      const verdict = await compare(command);
      if (verdict === 'same') steady++;
      else if (verdict !== 'unsteady') different.push(verdict);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(different).toEqual([]);
  expect(steady).toBeGreaterThan(300);
}, 180_000);

async function compare(command: string): Promise<'same' | 'unsteady' | object> {
  // dash knows no $'…': there scout answers what a person with bash sees.
  const asked = /\$'/.test(command) ? `exec bash -c ${quote(command)}` : command;
  const by = (run: (text: string) => Promise<Outcome>, text: string) =>
    /^rg /.test(command) ? inOrder(run(text)) : run(text);
  let theirs = await by(ssh, asked);
  for (let round = 1; ; round++) {
    const ours = await by(query, command);
    if (isSame(ours, theirs)) return 'same';
    const again = await by(ssh, asked);
    if (isSame(ours, again)) return 'same';
    const isUnsteady = unsteady.test(command) || !isSame(theirs, again);
    const seen = (found: Outcome) =>
      shape(racing.test(command) ? { ...found, exitCode: undefined, stderr: '' } : found);
    if (isUnsteady && isSame(seen(ours), seen(again))) return 'unsteady';
    // Another test may have changed the machine in between.
    if (round === 3) return { command, ours, theirs: again };
    theirs = again;
  }
}

/** rg looks at several files at once, and prints them as they are done. */
async function inOrder(found: Promise<Outcome>): Promise<Outcome> {
  const { stdout, ...rest } = await found;
  return { ...rest, stdout: stdout.split('\n').sort().join('\n') };
}

function isSame(one: Outcome, other: Outcome): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function shape({ exitCode, stdout, stderr }: Outcome): Outcome {
  const first = (text: string) =>
    text
      .split('\n', 1)[0]
      ?.replace(/\d[\d.:,]*|\S*\/\S*/g, '#')
      .replace(/ [DRSTZ][<NLsl+]* /g, ' # ') // what a process does just now, as ps writes it
      .replace(/\s+/g, ' ') ?? '';
  return { exitCode, stdout: first(stdout), stderr: first(stderr) };
}

/** Shells name themselves in their own errors, each in its way. */
function outcome(exitCode: number | undefined, stdout: string, stderr: string): Outcome {
  return { exitCode, stdout, stderr: stderr.replace(/^(?:\S*sh|eval): (?:\d+: )?(?:eval: )?/gm, 'sh: ') };
}

/** A home with something to see for every everyday command: the relative names that the corpus uses. */
function plantFiles({ home, uid, gid }: TestUser): void {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => `${index} line error a 1\n`).join('');
  const files: Readonly<Record<string, string | Buffer>> = {
    ...Object.fromEntries(
      'a b x f y core run a.log b.log c.txt notes x.txt'
        .split(' ')
        .map((name) => [name, `${name}\n${lines(30)}`]),
    ),
    'a.json': '[{"size":1},{"size":2}]\n',
    'b.json': '[{"size":3}]\n',
    'x.json': '[{"state":"running","name":"one","Config":{"Env":["A=1"]}},{"state":"x","name":"web"}]\n',
    'package.json': '{"name":"shop","items":[1,2]}\n',
    'x.gz': gzipSync(lines(40)),
    'f.gz': gzipSync('-x\n'),
    'lib.so': Buffer.from([
      127,
      69,
      76,
      70,
      0,
      1,
      2,
      3,
      ...Buffer.from('some long text here\0and more of it'),
    ]),
    '.bashrc': '# start\n',
    '.profile': '# profile\n',
    'sub/c': 'x\n',
    'sub/deep/d.conf': 'listen 80\n',
    'src/main.py': 'import os\n# TODO\n',
    'my file.txt': 'x\n',
    '.git/config': '[core]\n',
    'node_modules/m/index.js': 'x\n',
    '.ssh/authorized_keys': '# none\n',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  symlinkSync('a.log', join(home, 'link'));
  spawnSync('chown', ['-hR', `${uid}:${gid}`, home]);
}

/** The programs that this machine lacks. */
function absentOf(names: readonly string[]): readonly string[] {
  const script = 'for name; do command -v "$name" >/dev/null || printf "%s\\n" "$name"; done';
  const { stdout } = spawnSync('/bin/sh', ['-c', script, 'sh', ...new Set(names)], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
}

function isHere(command: string): boolean {
  return spawnSync('/bin/sh', ['-c', command]).status === 0;
}
