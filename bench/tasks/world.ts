import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { replayDocker } from '../../test/docker/replayed.ts';
import { replayDockerLogs } from '../../test/fixtures/recorded-docker-logs.ts';
import { unpackJournal } from '../../test/fixtures/recorded-journal.ts';
import { makeScout, type TestScout } from '../../test/fixtures/scout.ts';
import { type Sshd, startSshd } from '../../test/fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../../test/fixtures/stand-ins.ts';
import { failedUnits, runningUnits, shownUnits } from '../../test/operations/inspect/recorded-systemd.ts';
import { poolLists, poolStatuses } from '../../test/operations/inspect/recorded-zfs.ts';
import { applicationFiles, databaseFiles, type Files, kernelFiles, syslog, webFiles } from './files.ts';

export interface World {
  readonly scout: TestScout;
  /** What a run has of its own, and what is measured in its place. */
  readonly names: readonly (readonly [of: string, instead: string])[];
  stop(): Promise<void>;
}

interface Machine {
  readonly sshd: Sshd;
  readonly standIns: StandIns;
  /** The directory that the machine has for /srv. */
  readonly srv: string;
  /** Where replayed docker has its project. */
  readonly project?: string;
}

/** Every file but those of today. */
const oldTime = new Date('2026-01-02T03:04:05Z');
/** One for all machines: files of two seconds are told in more words. */
const newTime = new Date(Math.floor(Date.now() / 1_000 - 3_600) * 1_000);
const noJournal = '[ ! -d /run/log/journal ] || mount -t tmpfs tmpfs /run/log/journal';

/**
 * web1 and web2 (which are one machine), web3, db-2 and app1: real sshds, each in a mount namespace with its own /srv
 * and /var/log, and with programs that print what the real ones would there. Needs root.
 */
export async function startWorld(): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'scout-tasks-'));
  const start = (name: string, files: Files, kernel: string) => startMachine(join(root, name), files, kernel);
  const [web, web3, db, app] = await Promise.all([
    start('web', webFiles({ workerConnections: 1_024, failure: 502 }), '6.1.0-28-amd64'),
    start('web3', webFiles({ workerConnections: 512, failure: 504 }), '6.1.0-28-amd64'),
    start('db', databaseFiles, '5.10.0-33-amd64'),
    start('app', applicationFiles, '6.1.0-28-amd64'),
  ]);
  prepareDatabase(db);
  const project = prepareApplication(app, root);
  replayDockerLogs(web.standIns);
  const block = ({ sshd }: Machine, alias: string) =>
    sshd.configFor(alias, { UserKnownHostsFile: sshd.knownHostsFile });
  const config = web.sshd.writeConfig(
    ...[block(web, 'web1'), block(web, 'web2'), block(web3, 'web3'), block(db, 'db-2'), block(app, 'app1')],
  );
  // the wall is another on each machine that runs this, and is named in answers
  const scout = makeScout(config, { SCOUT_KERNEL_WALL: 'off' });
  const machines = [web, web3, db, app];
  return {
    scout,
    names: [[project, '/srv/shop'], ...machines.map(({ sshd }) => [String(sshd.port), '22222'] as const)],
    stop: async () => {
      await scout.close();
      for (const { sshd, standIns } of machines) {
        await sshd.stop();
        standIns.remove();
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function startMachine(directory: string, files: Files, kernel: string): Promise<Machine> {
  const [srv, log] = [join(directory, 'srv'), join(directory, 'log')];
  for (const path of [srv, log]) mkdirSync(path, { recursive: true });
  for (const [path, { text, sizeBytes, isNew }] of Object.entries(files)) {
    const file = join(srv, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (sizeBytes !== undefined) truncateSync(file, sizeBytes); // a hole: it takes no room here
    const time = isNew ? newTime : oldTime;
    utimesSync(file, time, time);
  }
  const standIns = makeStandIns(
    `mount --bind '${srv}' /srv && mount --bind '${log}' /var/log && { ${noJournal}; }`,
  );
  standIns.hide('journalctl', 'systemctl', 'docker', 'zpool', 'zfs', 'lsblk');
  installMachine(standIns, kernel);
  return { standIns, srv, sshd: await startSshd({ wrapper: standIns.wrapper }) };
}

/** What is asked of every machine, and what would be another on each that runs this. */
function installMachine(standIns: StandIns, kernel: string): void {
  const cases = Object.entries(kernelFiles).map(
    ([path, text]) => `'${path}') exec /bin/cat '${standIns.keep(path.replaceAll('/', '_'), text)}';;`,
  );
  standIns.install('cat', 'for last; do :; done', `case $last in`, ...cases, 'esac', 'exec /bin/cat "$@"');
  standIns.install('uname', `case $* in -r) echo ${kernel};; *) echo Linux ${kernel} x86_64;; esac`);
  standIns.install('nproc', 'echo 4');
  standIns.install('who', 'exit 0');
  standIns.install('last', 'echo', 'echo "wtmp begins Mon Nov  2 08:00:01 2026"');
  standIns.install('ss', "echo 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*'");
  installDf(standIns, { usedPercent: 41 });
}

/** df(1) in its POSIX form, of one disk. */
function installDf(standIns: StandIns, { usedPercent }: { usedPercent: number }): void {
  const row = (total: number) => {
    const used = Math.round((total * usedPercent) / 100);
    return `echo '/dev/sda1 ${total} ${used} ${total - used} ${usedPercent}% /'`;
  };
  standIns.install(
    'df',
    'echo Filesystem blocks Used Available Capacity Mounted on',
    `case $* in *-i*) echo '/dev/sda1 6553600 655360 5898240 10% /';; *) ${row(41_152_736)};; esac`,
  );
}

function prepareDatabase({ standIns, srv }: Machine): void {
  installDf(standIns, { usedPercent: 97 });
  writeFileSync(join(dirname(srv), 'log', 'syslog'), syslog);
  standIns.install(
    'last',
    "echo 'ann      pts/0        203.0.113.9      Fri Nov 20 23:41 - 00:12  (00:31)'",
    'echo',
    'echo "wtmp begins Mon Nov  2 08:00:01 2026"',
  );
  const [list, status] = [
    standIns.keep('pools', poolLists['2.1']),
    standIns.keep('pool-status', poolStatuses['2.1']),
  ];
  standIns.install('zpool', `case $1 in list) cat ${list};; *) cat ${status};; esac`);
  const [datasets, snapshots] = [
    standIns.keep('datasets', 'tank\tfilesystem\t5\t6\t7\t1.00\t/tank\n'),
    standIns.keep('snapshots', 'tank@monday\t1764000000\t0\t96\n'),
  ];
  standIns.install('zfs', `case "$*" in *snapshot*) cat ${snapshots};; *) cat ${datasets};; esac`);
}

/** Answers the directory of its compose project. */
function prepareApplication({ standIns }: Machine, root: string): string {
  standIns.install('journalctl', `exec /usr/bin/journalctl -D '${unpackJournal(root)}' "$@"`);
  const [failed, running, shown] = [
    standIns.keep('failed', failedUnits['252'].split('\n')[0]?.concat('\n') ?? ''),
    standIns.keep('running', runningUnits['252']),
    standIns.keep('shown', shownUnits['252']),
  ];
  standIns.install(
    'systemctl',
    `case "$*" in *--state=failed*) cat ${failed};; list-units*) cat ${running};; show*) cat ${shown};; esac`,
  );
  return replayDocker(standIns);
}
