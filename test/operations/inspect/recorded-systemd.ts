/**
 * What systemctl prints with `--plain --no-legend`, after the form of systemctl(1) and the sources of systemd
 * (src/systemctl/systemctl-list-units.c) of these versions: columns padded with blanks, in 219 and 247 with a mark of
 * failure where the output is no plain one (systemd issue 13733, munin contrib pull request 1458).
 */
export const failedUnits = {
  '219':
    '● shop.service       loaded failed failed The shop\n● mnt-data.mount     loaded failed failed /mnt/data\n',
  '247':
    '  shop.service     loaded failed failed The shop\n  mnt-data.mount   loaded failed failed /mnt/data\n',
  '252': 'shop.service   loaded failed failed The shop\nmnt-data.mount loaded failed failed /mnt/data\n',
  '255': 'mnt-data.mount loaded failed failed /mnt/data\nshop.service   loaded failed failed The shop\n',
} as const;

export const runningUnits = {
  '252': [
    'cron.service            loaded active running Regular background program processing daemon',
    'ssh.service             loaded active running OpenBSD Secure Shell server',
    'user@1000.service       loaded active running User Manager for UID 1000',
    '',
  ].join('\n'),
} as const;

/** `systemctl show -p …`: 247 has no TriggeredBy of a socket here, 255 says `[not set]` where 219 says 2⁶⁴ − 1. */
export const shownUnits = {
  '219':
    'Id=shop.service\nDescription=The shop\nLoadState=loaded\nActiveState=active\nSubState=running\nMainPID=812\nMemoryCurrent=18446744073709551615\nResult=success\nExecMainCode=0\nExecMainStatus=0\n',
  '252': [
    ...[
      'Restart=on-failure',
      'Result=exit-code',
      'NRestarts=5',
      'ExecMainExitTimestamp=Sat 2026-11-21 10:02:11 UTC',
    ],
    ...['ExecMainCode=1', 'ExecMainStatus=1', 'MainPID=0', 'StatusText=a = b', 'MemoryCurrent=[not set]'],
    ...['TasksCurrent=[not set]', 'User=shop', 'Id=shop.service', 'Description=The shop', 'LoadState=loaded'],
    ...['ActiveState=failed', 'SubState=failed', 'FragmentPath=/etc/systemd/system/shop.service'],
    ...[
      'UnitFileState=enabled',
      'InactiveEnterTimestamp=Sat 2026-11-21 10:02:11 UTC',
      'ActiveEnterTimestamp=',
      '',
    ],
  ].join('\n'),
  '255':
    'Id=a.service\nActiveState=active\nSubState=running\nLoadState=loaded\nExecMainCode=2\nExecMainStatus=9\nResult=oom-kill\nMemoryCurrent=1048576\nTasksCurrent=7\n\nId=b.timer\nLoadState=loaded\nActiveState=active\nSubState=waiting\n',
  none: 'Id=nosuch.service\nDescription=nosuch.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n',
} as const;
