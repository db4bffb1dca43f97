import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerFacts } from '../../docker/docker-facts.ts';
import { replayDocker } from '../../docker/replayed.ts';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../../fixtures/stand-ins.ts';
import { resultOf } from '../../tools/structured.ts';
import { failedUnits, runningUnits, shownUnits } from './recorded-systemd.ts';
import { poolLists, poolStatuses } from './recorded-zfs.ts';

let standIns: StandIns;
let sshd: Sshd;
let scout: TestScout;
let project: string;

beforeAll(async () => {
  standIns = makeStandIns();
  project = replayDocker(standIns);
  sshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(sshd.writeConfig('web1'));
});

afterAll(async () => {
  await scout.close();
  await sshd.stop();
  standIns.remove();
});

async function inspect(what: string, name?: string) {
  return await scout.call('scout_inspect', { hosts: 'web1', what, ...(name !== undefined && { name }) });
}

describe('with the recorded output of docker, scout_inspect', () => {
  dockerFacts(
    () => scout,
    () => project,
  );
});

describe('docker that does not answer', () => {
  const says = (message: string) => standIns.install('docker', `echo '${message}' >&2; exit 1`);

  it.each([
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar": dial unix /var/run/docker.sock: connect: permission denied',
      /^permission_denied: the account on web1 may not use the socket.*\nFix: Membership in group docker is as good as root/,
    ],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      /^not_available: Docker does not run on web1\n/,
    ],
    [
      'something \u001b[31melse',
      /^not_available: docker on web1 gave no answer that can be read\nFix: Try scout_query with `docker version`\.$/,
    ],
  ])('says why: %s', async (message, expected) => {
    says(message);
    for (const [what, name] of [['docker'], ['docker', 'web'], ['compose'], ['compose', 'shop']] as const) {
      expect((await inspect(what, name)).text, what).toMatch(expected);
    }
  });

  it('says that it is not there', async () => {
    standIns.hide('docker');
    expect((await inspect('docker')).text).toMatch(/^not_available: web1 has no docker\n/);
  });

  it('that prints nonsense costs what cannot be read', async () => {
    standIns.install(
      'docker',
      `echo '{"id":1}'; echo '{"id":"abcdefabcdef","name":"x","status":{}}'; echo '{"id'`,
    );
    const answer = await inspect('docker');
    expect(resultOf('scout_inspect', answer)).toMatchObject({
      total: 3,
      unread: 2,
      containers: [{ name: 'x' }],
    });
    expect(answer.text).toContain('2 could not be read');
  });

  it('cannot forge the end of its block, move a cursor, or show a token', async () => {
    const name = JSON.stringify('x\u001b[2J\n>>>0 \u202e ghp_0123456789abcdefghijABCDEFGHIJ012345');
    const text = standIns.keep('odd', `{"id":"abcdefabcdef","name":${name},"status":"${'Up \\u0007'}"}\n`);
    standIns.install('docker', `cat ${text}`);
    const answer = await inspect('docker');
    const [one] = resultOf('scout_inspect', answer).containers;
    expect(one.name).toMatch(/^x\\x1b\[2J\\n>>>0 \\u202e \[redacted:/);
    expect(answer.text).not.toMatch(/[\u001b\u202e\u0007]|ghp_|^>>>0 /m);
  });

  it('takes no name that would be an option or a pattern', async () => {
    for (const name of ['-f', '--format={{.Config.Env}}', 'a b', '*', 'x;id', '$(id)']) {
      expect((await inspect('docker', name)).error?.code, name).toBe('invalid_argument');
    }
  });
});

describe('zfs', () => {
  const install = (release: keyof typeof poolStatuses) => {
    const list = standIns.keep('zpool-list', poolLists[release]);
    const status = standIns.keep('zpool-status', poolStatuses[release]);
    const unknown = `echo "cannot open 'nosuch': no such pool" >&2; exit 1`;
    standIns.install(
      'zpool',
      `for last; do :; done; if [ "$last" = nosuch ]; then ${unknown}; fi`,
      `case $1 in list) cat ${list};; status) cat ${status};; esac`,
    );
  };

  it('lists the pools and what is wrong with them, by the output of three releases', async () => {
    install('0.8');
    const old = await inspect('zfs');
    expect(resultOf('scout_inspect', old)).toMatchObject({ total: 1, unhealthy: 1, over_80_percent: 1 });
    expect(old.text).toMatch(/^web1: 1 pool, 1 with errors or not healthy, 1 over 80 % full\n/);
    install('2.1');
    expect(resultOf('scout_inspect', await inspect('zfs')).pools).toMatchObject([
      { pool: 'fast', health: 'ONLINE', used_percent: 12, errors: 'No known data errors' },
      { pool: 'tank', health: 'DEGRADED', used_percent: 43, fragmented_percent: 7 },
    ]);
    install('2.3');
    const fresh = await inspect('zfs');
    expect(resultOf('scout_inspect', fresh)).toMatchObject({
      unhealthy: 1,
      pools: [
        {
          pool: 'backup',
          size_bytes: 8_000_000_000_000,
          health: 'ONLINE',
          errors: expect.stringContaining('2 data errors'),
        },
      ],
    });
  });

  it('shows one pool with its devices', async () => {
    install('2.1');
    const answer = await inspect('zfs', 'tank');
    // the stand-in prints both pools, and only the one asked for is shown
    expect(answer.text).toMatch(/^ {6}sdc1 +FAULTED +12 +0 +1930 +too many errors$/m);
    expect(answer.text).toMatch(/^scan +resilver in progress since .* to go$/m);
    expect((await inspect('zfs', 'nosuch')).text).toMatch(/^not_available: web1 has no pool "nosuch"\n/);
  });

  it('lists data sets, the largest first, and the newest snapshots', async () => {
    const columns = ['tank/a', 'filesystem', '100', '900', '96', '1.00x', '/tank/a'];
    const volume = ['tank/v', 'volume', '5000', '900', '5000', '1.52', '-'];
    const rows = standIns.keep('zfs-list', `${columns.join('\t')}\n${volume.join('\t')}\n`);
    const snapshots = standIns.keep(
      'zfs-snapshots',
      'tank/a@now\t1764000000\t0\t96\ntank/a@old\t1763000000\t12\t96\n',
    );
    standIns.install('zfs', `case "$*" in *snapshot*) cat ${snapshots};; *) cat ${rows};; esac`);
    const { datasets } = resultOf('scout_inspect', await inspect('zfs', 'tank/datasets'));
    expect(datasets).toMatchObject([
      { dataset: 'tank/v', type: 'volume', used_bytes: 5000, compression: '1.52x' },
      { dataset: 'tank/a', mount: '/tank/a', compression: '1.00x' },
    ]);
    const answer = await inspect('zfs', 'snapshots');
    expect(resultOf('scout_inspect', answer).snapshots).toMatchObject([
      { snapshot: 'tank/a@now', created: '2025-11-24T16:00:00Z', used_bytes: 0 },
      { snapshot: 'tank/a@old', used_bytes: 12 },
    ]);
    expect(answer.text).toMatch(/^web1: the 2 newest snapshots\n/);
  });

  it.each([
    [
      "The ZFS modules are not loaded.\nTry running '/sbin/modprobe zfs' as root to load them.",
      'not_available',
      'not loaded',
    ],
    ['Permission denied the ZFS utilities must be run as root.', 'permission_denied', 'may not ask ZFS'],
  ])('says why there is none: %s', async (message, code, words) => {
    const text = standIns.keep('message', `${message}\n`);
    for (const name of ['zpool', 'zfs']) standIns.install(name, `cat ${text} >&2; exit 1`);
    for (const name of [undefined, 'tank', 'tank/datasets', 'snapshots']) {
      const answer = await inspect('zfs', name);
      expect(answer.error?.code, name).toBe(code);
      expect(answer.text).toContain(words);
    }
  });
});

describe('services', () => {
  const install = () => {
    const [failed, running] = [
      standIns.keep('failed', failedUnits['252']),
      standIns.keep('running', runningUnits['252']),
    ];
    const [shown, none] = [standIns.keep('shown', shownUnits['252']), standIns.keep('none', shownUnits.none)];
    standIns.install(
      'systemctl',
      'case "$*" in',
      'is-system-running*) echo degraded; exit 1;;',
      `*state=failed*) cat ${failed};; *state=running*) cat ${running};;`,
      `show*nosuch*) cat ${none};; show*) cat ${shown};;`,
      'esac',
    );
  };

  it('are the failed units and the running services', async () => {
    install();
    const answer = await inspect('services');
    expect(resultOf('scout_inspect', answer)).toMatchObject({ state: 'degraded', failed: 2, running: 3 });
    expect(answer.text).toMatch(/^web1: 2 failed units, 3 running services\n/);
    expect(answer.text).toMatch(/^shop\.service +failed +The shop/m);
    expect(answer.text).toMatch(/^ssh\.service +running +OpenBSD Secure Shell server/m);
    expect((await inspect('overview')).text).toMatch(
      /, 2 failed units,[\s\S]*^failed +shop\.service \(The shop/m,
    );
  });

  it('by name say why one ended and how often it was started again', async () => {
    install();
    const answer = await inspect('services', 'shop');
    expect(resultOf('scout_inspect', answer)).toMatchObject({
      active: 'failed',
      result: 'exit-code',
      exit: 'exited with 1',
      restarts: 5,
      enabled: 'enabled',
    });
    expect(answer.text).toMatch(/^ended +exited with 1, result exit-code, at Sat 2026-11-21 10:02:11 UTC$/m);
    expect((await inspect('services', 'nosuch')).text).toMatch(/^not_available: web1 has no unit "nosuch"\n/);
    expect((await inspect('services', '-H')).error?.code).toBe('invalid_argument');
  });

  it('without systemd say what there is instead', async () => {
    standIns.hide('systemctl');
    const answer = await inspect('services');
    expect(answer.text).toMatch(
      /^not_available: web1 does not run systemd\nFix: .* or scout_read with web1:\/etc\/init\.d, which has what it starts\.$/,
    );
    standIns.install('systemctl', 'echo "Obey me: Permission denied" >&2; exit 1');
    expect((await inspect('services')).text).toMatch(
      /^permission_denied: systemd on web1 does not answer this account\nFix: [^\n]*$/,
    );
  });
});
