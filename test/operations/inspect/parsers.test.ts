import { describe, expect, it } from 'vitest';
import {
  parseAddressesJson,
  parseAddressesText,
  parseKernelAddresses,
  parseKernelRoutes,
  parseRoutesJson,
  parseRoutesText,
} from '../../../src/operations/inspect/addresses.ts';
import { isFull, parseFileSystems, parseMounts } from '../../../src/operations/inspect/file-systems.ts';
import { parsePorts } from '../../../src/operations/inspect/ports.ts';
import { parseProcesses, summarise } from '../../../src/operations/inspect/processes.ts';
import { parseDevices } from '../../../src/operations/inspect/storage.ts';
import { parseUnits } from '../../../src/operations/inspect/units.ts';
import { parseShown } from '../../../src/operations/inspect/units-by-name.ts';
import { parsePools } from '../../../src/operations/inspect/zfs.ts';
import { parsePoolStatus } from '../../../src/operations/inspect/zpool-status.ts';
import { failedUnits, shownUnits } from './recorded-systemd.ts';
import { poolLists, poolStatuses } from './recorded-zfs.ts';

describe('file systems', () => {
  const df = (...rows: string[]) =>
    ['Filesystem 1024-blocks Used Available Capacity Mounted on', ...rows].join('\n');

  it('are read by the numbers in their lines, blanks in names or not', () => {
    const blocks = df(
      '/dev/vda1      1000  900   50      95% /',
      '//nas/my share 2000    0 2000       0% /mnt/my share',
      'none              0    0    0       -  /empty',
    );
    const inodes = df('/dev/vda1 100 99 1 99% /', '//nas/my share 0 0 0 - /mnt/my share');
    const mounts = [
      '22 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/vda1 rw,errors=remount-ro',
      '23 22 0:40 / /mnt/my\\040share ro - cifs //nas/my\\040share rw,vers=3',
    ].join('\n');
    expect(parseFileSystems(blocks, inodes, mounts)).toEqual([
      {
        source: '/dev/vda1',
        mount: '/',
        type: 'ext4',
        readOnly: false,
        options: 'rw,relatime,errors=remount-ro',
        sizeBytes: 1_024_000,
        usedBytes: 921_600,
        availableBytes: 51_200,
        usedPercent: 95,
        inodesUsedPercent: 99,
      },
      expect.objectContaining({ mount: '/mnt/my share', type: 'cifs', inodesUsedPercent: undefined }),
    ]);
  });

  it('that the kernel has made read-only are so by their own options, not by those of a bind mount', () => {
    const [a, b] = parseMounts('1 0 8:1 / /a ro - ext4 /dev/a rw\n2 0 8:2 / /b rw - ext4 /dev/b ro,noload\n');
    expect([a?.readOnly, b?.readOnly]).toEqual([false, true]);
  });

  it('are full above the limit in blocks or in inodes, unless nothing can be put there', () => {
    const base = { source: 's', mount: '/' };
    expect(isFull({ ...base, usedPercent: 80, inodesUsedPercent: 3 }, 80)).toBe(false);
    expect(isFull({ ...base, usedPercent: 10, inodesUsedPercent: 81 }, 80)).toBe(true);
    expect(isFull({ ...base, usedPercent: 100, type: 'squashfs' }, 80)).toBe(false);
    expect(isFull({ ...base, usedPercent: 100, readOnly: true }, 80)).toBe(false);
  });
});

describe('listening ports', () => {
  it('of ss are one for both families, with their program', () => {
    const text = [
      'tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=812,fd=3))',
      'tcp   LISTEN 0      128             [::]:22           [::]:*    users:(("sshd",pid=812,fd=4))',
      'udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*',
      'tcp   LISTEN 0      5             [::1]:631           [::]:*',
      'nonsense',
    ].join('\n');
    expect(parsePorts(text)).toEqual([
      { protocol: 'tcp', address: '*', port: 22, process: 'sshd', pid: 812 },
      { protocol: 'tcp', address: '::1', port: 631, process: undefined, pid: undefined },
      { protocol: 'udp', address: '127.0.0.53%lo', port: 53, process: undefined, pid: undefined },
    ]);
  });

  it("of the kernel's tables are the same without programs", () => {
    const text = [
      '/proc/net/tcp:   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0',
      '/proc/net/tcp6:   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0:0',
      '/proc/net/tcp6:   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 0:0',
      '/proc/net/udp6:   2: B80D01200000000000000000010000AA:0202 00000000000000000000000000000000:0000 07 0:0',
      '/proc/net/tcp6:   3: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 0:0',
    ].join('\n');
    expect(parsePorts(text).map(({ protocol, address, port }) => `${protocol} ${address} ${port}`)).toEqual([
      'tcp 127.0.0.1 22',
      'tcp * 80',
      'tcp ::1 81',
      'tcp 127.0.0.1 82',
      'udp 2001:db8:0:0:0:0:aa00:1 514',
    ]);
  });
});

describe('addresses and routes', () => {
  it('of ip in JSON, in lines and of the kernel say the same', () => {
    const json = JSON.stringify([
      {},
      {
        ifname: 'eth0',
        operstate: 'UP',
        mtu: 1500,
        link_type: 'ether',
        address: '02:fc:00:00:00:01',
        addr_info: [
          { local: '10.0.0.5', prefixlen: 24 },
          { family: 'inet6' },
          { local: 'fe80::1', prefixlen: 64 },
        ],
      },
    ]);
    expect(parseAddressesJson(json)).toEqual([
      {
        name: 'eth0',
        state: 'up',
        mac: '02:fc:00:00:00:01',
        mtu: 1500,
        addresses: ['10.0.0.5/24', 'fe80::1/64'],
      },
    ]);
    const lines =
      '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever\n2: eth0    inet6 fe80::1/64 scope link \n';
    expect(parseAddressesText(lines)?.[0]?.addresses).toEqual(['10.0.0.5/24', 'fe80::1/64']);
    const trie =
      '           |-- 10.0.0.5\n              /32 host LOCAL\n--\n  |-- 10.0.0.5\n     /32 host LOCAL\n';
    const inet6 =
      'fe800000000000000000000000000001 02 40 20 80     eth0\n00000000000000000000000000000001 01 80 10 80 lo\n';
    expect(parseKernelAddresses(trie, inet6)?.map(({ name, addresses }) => [name, ...addresses])).toEqual([
      ['?', '10.0.0.5'],
      ['eth0', 'fe80::1/64'],
      ['lo', '::1/128'],
    ]);
    const routes = [
      { to: 'default', via: '10.0.0.1', device: 'eth0' },
      { to: '10.0.0.0/24', via: '', device: 'eth0' },
    ];
    expect(
      parseRoutesJson(
        '[{"dst":"default","gateway":"10.0.0.1","dev":"eth0"},{"dst":"10.0.0.0/24","dev":"eth0"}]',
        '',
      ),
    ).toEqual(routes);
    expect(
      parseRoutesText('default via 10.0.0.1 dev eth0 \n10.0.0.0/24 dev eth0 scope link  src 10.0.0.5 \n'),
    ).toEqual(routes);
    const kernel = [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    ].join('\n');
    expect(parseKernelRoutes(kernel)).toEqual(routes);
  });
});

describe('processes', () => {
  it('of procps and of BusyBox are read, a command with blanks whole', () => {
    const procps =
      '    1     0 root  S  0.3 12288 1-02:03:04 /sbin/init splash\n   77     1 www  Z  0.0     0      00:01 [cgi] <defunct>\n';
    expect(parseProcesses(procps, true)).toMatchObject([
      {
        pid: 1,
        state: 'S',
        cpuPercent: 0.3,
        memoryBytes: 12_582_912,
        elapsed: '1-02:03:04',
        command: '/sbin/init splash',
      },
      { pid: 77, state: 'Z', command: '[cgi] <defunct>' },
    ]);
    const busyBox =
      'PID   PPID  USER     STAT RSS  COMMAND\n    1     0 root     S     800 init\n    2     1 a        S N   15m sh -c x y\n    3     1 root     SW<     0 [kworker]\n';
    expect(parseProcesses(busyBox, false)).toMatchObject([
      { pid: 1, memoryBytes: 819_200, command: 'init' },
      { pid: 2, user: 'a', memoryBytes: 15 * 1024 ** 2, command: 'sh -c x y' },
      { pid: 3, memoryBytes: 0, command: '[kworker]' },
    ]);
  });

  it('are counted by state, and zombies are named', () => {
    const all = parseProcesses(
      '1 0 root S 5.0 10 00:01 a\n2 1 root Z 0.0 0 00:01 b <defunct>\n3 1 root S 9.0 5 00:01 c\n',
      true,
    );
    const facts = summarise(all, undefined);
    expect(facts.states).toEqual([
      ['S', 2],
      ['Z', 1],
    ]);
    expect(facts.byCpu?.map(({ pid }) => pid)).toEqual([3, 1]);
    expect(facts.byMemory?.map(({ pid }) => pid)).toEqual([1, 3]);
    expect(facts.zombies.map(({ pid }) => pid)).toEqual([2]);
  });
});

describe('systemd', () => {
  it.each(Object.entries(failedUnits))('%s lists its failed units', (_, text) => {
    expect(new Set(parseUnits(text).map(({ unit, active }) => `${unit} ${active}`))).toEqual(
      new Set(['shop.service failed', 'mnt-data.mount failed']),
    );
  });

  it('shows units as blocks, with what is not set left out', () => {
    const [old] = parseShown(shownUnits['219']);
    expect(old).toMatchObject({
      unit: 'shop.service',
      pid: 812,
      memoryBytes: undefined,
      exit: undefined,
      restarts: undefined,
    });
    expect(parseShown(shownUnits['252'])[0]).toMatchObject({
      status: 'a = b',
      restarts: 5,
      exit: 'exited with 1',
      tasks: undefined,
    });
    expect(parseShown(shownUnits['255'])).toMatchObject([
      { unit: 'a.service', exit: 'killed by signal 9', result: 'oom-kill', memoryBytes: 1_048_576, tasks: 7 },
      { unit: 'b.timer', sub: 'waiting' },
    ]);
  });
});

describe('block devices', () => {
  it('are read from every form of lsblk', () => {
    const old =
      '{"blockdevices":[{"name":"sda","type":"disk","size":"1000","ro":"0","rota":"1","model":"X ","mountpoint":null,"children":[{"name":"sda1","size":"900","type":"part","mountpoint":"/"}]}]}';
    const fresh =
      '{"blockdevices":[{"name":"sda","type":"disk","size":1000,"ro":false,"rota":true,"mountpoints":[null],"children":[{"name":"sda1","size":900,"type":"part","mountpoints":["/","/mnt"]}]}]}';
    expect(parseDevices(old)).toMatchObject([
      { name: 'sda', depth: 0, sizeBytes: 1000, rotates: true, readOnly: false, model: 'X' },
      { name: 'sda1', depth: 1, mounts: ['/'] },
    ]);
    expect(parseDevices(fresh)?.[1]).toMatchObject({ sizeBytes: 900, mounts: ['/', '/mnt'] });
    expect(parseDevices('{"blockdevices":[{"na')).toBeUndefined();
  });
});

describe('ZFS', () => {
  it('0.8: a device that is gone, and a scrub that goes on', () => {
    const [pool] = parsePoolStatus(poolStatuses['0.8']);
    expect(pool).toMatchObject({
      pool: 'rpool',
      state: 'DEGRADED',
      action: "Replace the device using 'zpool replace'.",
      scan: expect.stringMatching(/^scrub in progress since .* 70\.70% done, 0 days 00:00:28 to go$/),
      errors: 'No known data errors',
    });
    expect(pool?.devices[2]).toEqual({
      name: '4853245687126354187',
      depth: 2,
      state: 'UNAVAIL',
      read: 0,
      write: 0,
      checksum: 4,
      note: 'was /dev/sda2',
    });
    expect(parsePools(poolLists['0.8'])).toMatchObject([{ usedPercent: 87, fragmentedPercent: 34 }]);
  });

  it('2.1: two pools, headings, spares, shortened counts', () => {
    const [fast, tank] = parsePoolStatus(poolStatuses['2.1']);
    expect(fast).toMatchObject({ pool: 'fast', state: 'ONLINE' });
    expect(fast?.devices).toHaveLength(2);
    expect(
      tank?.devices.map(({ depth, name, state, note }) => `${depth} ${name} ${state} ${note}`.trim()),
    ).toEqual([
      '0 tank DEGRADED',
      '1 raidz1-0 DEGRADED',
      '2 sda1 ONLINE',
      '2 spare-1 DEGRADED',
      '3 sdc1 FAULTED too many errors',
      '3 sdd1 ONLINE (resilvering)',
      '0 special',
      '1 mirror-1 ONLINE',
      '2 nvme0n1p4 ONLINE',
      '0 logs',
      '1 nvme1n1p1 ONLINE',
      '0 cache',
      '1 nvme1n1p2 ONLINE',
      '0 spares',
      '1 sdd1 INUSE currently in use',
    ]);
    expect(tank?.devices[4]).toMatchObject({ read: 12, write: 0, checksum: 1930 });
  });

  it('2.3: fields that are new, and errors without a list', () => {
    const [backup] = parsePoolStatus(poolStatuses['2.3']);
    expect(backup?.scan).toBe('resilvered 3.68T in 08:17:47 with 0 errors on Wed Jun 18 07:56:59 2025');
    expect(backup?.errors).toBe("2 data errors, use '-v' for a list");
    expect(backup?.devices[2]).toMatchObject({ name: 'sda', checksum: 2 });
  });

  it('names damaged files, the first ones where there are many', () => {
    const [pool] = parsePoolStatus(poolStatuses.damaged);
    expect(pool?.errors).toMatch(/^Permanent errors .*\n<metadata>:<0x0>\n\/p\/pictures\/one two\.jpg$/);
    const files = Array.from({ length: 50 }, (_, index) => `        /p/${index}\n`).join('');
    expect(parsePoolStatus(`${poolStatuses.damaged}${files}`)[0]?.errors).toMatch(/\/p\/17\nand 32 more$/);
  });
});
