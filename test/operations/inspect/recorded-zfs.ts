/**
 * What zpool prints, after the form of zpool-status(8), zpool-list(8) and outputs in public reports of OpenZFS:
 * 0.8 by issue 12454 (a scrub that goes on, counted in days), 2.1 by issue 12090 (shortened counts, notes, spares
 * without counts), 2.2.6 by issue 16737 (data errors without a list) and 2.3.0 by issue 17472 (the time of a resilver,
 * `https://openzfs.github.io`). Names and numbers are our own. The real program begins lines with a tab.
 */
export const poolStatuses = {
  '0.8': `  pool: rpool
 state: DEGRADED
status: One or more devices could not be used because the label is missing or
	invalid.  Sufficient replicas exist for the pool to continue
	functioning in a degraded state.
action: Replace the device using 'zpool replace'.
   see: http://zfsonlinux.org/msg/ZFS-8000-4J
  scan: scrub in progress since Tue Aug  3 22:40:34 2021
	10.6G scanned at 160M/s, 7.53G issued at 113M/s, 10.6G total
	0B repaired, 70.70% done, 0 days 00:00:28 to go
config:

	NAME                      STATE     READ WRITE CKSUM
	rpool                     DEGRADED     0     0     0
	  mirror-0                DEGRADED     0     0     0
	    4853245687126354187   UNAVAIL      0     0     4  was /dev/sda2
	    ata-DISK_B-part2      ONLINE       0     0     0

errors: No known data errors
`,
  '2.1': `  pool: fast
 state: ONLINE
  scan: scrub repaired 0B in 00:00:42 with 0 errors on Sun Nov  8 00:24:43 2026
config:

	NAME        STATE     READ WRITE CKSUM
	fast        ONLINE       0     0     0
	  nvme0n1p3  ONLINE       0     0     0

errors: No known data errors

  pool: tank
 state: DEGRADED
status: One or more devices is currently being resilvered.  The pool will
	continue to function, possibly in a degraded state.
action: Wait for the resilver to complete.
  scan: resilver in progress since Fri Nov 20 21:10:00 2026
	1.2T scanned at 1.1G/s, 800G issued at 700M/s, 3.5T total
	133G resilvered, 22.32% done, 01:07:12 to go
config:

	NAME             STATE     READ WRITE CKSUM
	tank             DEGRADED     0     0     0
	  raidz1-0       DEGRADED     0     0     0
	    sda1         ONLINE       0     0     0
	    spare-1      DEGRADED     0     0 1.93K
	      sdc1       FAULTED     12     0 1.93K  too many errors
	      sdd1       ONLINE       0     0     0  (resilvering)
	special
	  mirror-1       ONLINE       0     0     0
	    nvme0n1p4    ONLINE       0     0     0
	logs
	  nvme1n1p1      ONLINE       0     0     0
	cache
	  nvme1n1p2      ONLINE       0     0     0
	spares
	  sdd1           INUSE     currently in use

errors: No known data errors
`,
  '2.3': `  pool: backup
 state: ONLINE
status: One or more devices has experienced an error resulting in data
	corruption.  Applications may be affected.
action: Restore the file in question if possible.  Otherwise restore the
	entire pool from backup.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-8A
  scan: resilvered 3.68T in 08:17:47 with 0 errors on Wed Jun 18 07:56:59 2025
expand: expanded raidz1-0 copied 3.1T in 10:02:00, on Thu Jun 19 01:00:00 2025
config:

	NAME        STATE     READ WRITE CKSUM
	backup      ONLINE       0     0     0
	  raidz1-0  ONLINE       0     0     0
	    sda     ONLINE       0     0     2
	    sdb     ONLINE       0     0     0

errors: 2 data errors, use '-v' for a list
`,
  damaged: `  pool: p
 state: ONLINE
  scan: none requested
config:

	NAME      STATE     READ WRITE CKSUM
	p         ONLINE       0     0     0
	  sda     ONLINE       0     0     0

errors: Permanent errors have been detected in the following files:

        <metadata>:<0x0>
        /p/pictures/one two.jpg
`,
} as const;

/** `zpool list -Hp -o name,size,allocated,free,capacity,fragmentation,health`; before 2.0 some had the sign. */
export const poolLists = {
  '0.8': 'rpool\t59592933376\t52003209216\t7589724160\t87%\t34%\tDEGRADED\n',
  '2.1':
    'fast\t511101108224\t61332132986\t449768975238\t12\t3\tONLINE\ntank\t11991548690432\t5156365936885\t6835182753547\t43\t7\tDEGRADED\n',
  '2.3': 'backup\t8000000000000\t3100000000000\t4900000000000\t38\t-\tONLINE\n',
  damaged: '',
} as const;
