import { describe, expect, it } from 'vitest';
import { formatOverview } from '../../../src/format/inspect/format-overview.ts';
import { sayWith } from '../../../src/format/inspect/shown.ts';
import { readOverview } from '../../../src/operations/inspect/overview.ts';
import { toRemoteText } from '../../../src/remote-text.ts';

type Given = Parameters<typeof readOverview>[0];

/** Replies by their names; a text alone is one of a command that ended well. */
function overviewOf(texts: Readonly<Record<string, string | null>>, more: Partial<Given> = {}) {
  const replies = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      { ok: text !== null, text: text ?? '', isWhole: true },
    ]),
  );
  return readOverview({ replies, startedMs: 1_000_000, endedMs: 1_000_200, complaints: '', ...more });
}

const shownOf = (facts: ReturnType<typeof readOverview>) =>
  formatOverview(
    facts,
    sayWith((bytes) => toRemoteText(bytes)),
  );

describe('the system', () => {
  it.each([
    [
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\n',
      'Debian GNU/Linux 12 (bookworm)',
    ],
    ['NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\n', 'Alpine Linux 3.19.1'],
    ["NAME='Void'\n", 'Void'],
    ['ID=x\n', undefined],
  ])('is named by os-release(5): %j', (release, system) => {
    expect(overviewOf({ release }).system).toBe(system);
  });
});

describe('memory', () => {
  it('of an old kernel is what is free, buffered and cached', () => {
    const memory =
      'MemTotal:  1000 kB\nMemFree:  100 kB\nBuffers:  50 kB\nCached:  250 kB\nSwapTotal:  10 kB\nSwapFree:  5 kB\n';
    const facts = overviewOf({ memory });
    expect(facts.memory).toEqual({
      totalBytes: 1_024_000,
      availableBytes: 409_600,
      swapTotalBytes: 10_240,
      swapFreeBytes: 5_120,
    });
    expect(shownOf(facts).heading).toContain('memory 60 % of 1000 KiB used, swap 50 % of 10 KiB used');
  });
});

describe('the clock', () => {
  const clocks = (first: string, last: string) => overviewOf({ clock: first, clockAgain: last }).clock;

  it('is right within half of what the round took but for its own part', () => {
    // asked from 1000.000 to 1000.200; there it was 1000.050 first and 1000.150 last
    expect(clocks('1000 050000000\n', '1000 150000000\n')).toEqual({ aheadMs: 0, withinMs: 50 });
  });

  it('ahead and behind are told from right', () => {
    const ahead = overviewOf({ clock: '1030 050000000\n', clockAgain: '1030 150000000\n' });
    expect(ahead.clock).toEqual({ aheadMs: 30_000, withinMs: 50 });
    expect(shownOf(ahead).heading).toContain('clock 30 s ahead (± 50 ms)');
    const behind = overviewOf({ clock: '100 050000000\n', clockAgain: '100 150000000\n' });
    expect(shownOf(behind).heading).toContain('clock 15 min behind (± 50 ms)');
  });

  it('in whole seconds only, as BusyBox says it, is less certain', () => {
    const clock = clocks('1000 %N\n', '1000 %N\n');
    expect(clock?.withinMs).toBe(600);
    expect(Math.abs(clock?.aheadMs ?? Number.NaN)).toBeLessThanOrEqual(600);
    expect(clocks('soon', '')).toBeUndefined();
  });
});

it('sessions are counted by user, and what could not be found out is said with its reason', () => {
  const facts = overviewOf(
    { users: 'USER TTY IDLE TIME HOST\nroot pts/0 1\nroot pts/1 1\nann tty1\n', failed: null, memory: null },
    { complaints: 'sh: 1: systemctl: not found' },
  );
  expect(facts.users).toEqual([
    ['root', 2],
    ['ann', 1],
  ]);
  expect(facts.unknown).toContain('failed units (no systemd)');
  expect(facts.unknown).toContain('memory');
  const busy = overviewOf({ failed: null }, { complaints: 'Failed to connect to bus: Permission denied' });
  expect(busy.unknown).toContain('failed units (systemd does not answer)');
});

it('what asks for attention is in the heading', () => {
  const facts = overviewOf({
    failed: 'shop.service loaded failed failed The shop\n',
    blocks: '/dev/sda1 100 91 9 91% /var\ntmpfs 100 1 99 1% /run\n',
    inodes: '/dev/sda1 100 85 15 85% /var\n',
    mounts: '1 0 8:1 / /var rw - ext4 /dev/sda1 rw\n',
    rebootNeeded: '',
    container: null,
  });
  const shown = shownOf(facts);
  expect(shown.heading).toBe('1 disk over 80 %, 1 failed unit, a reboot is asked for');
  expect(shown.tables.overview?.rows.map(({ line }) => line).slice(0, 2)).toEqual([
    'disk     /var 91 % of 100 KiB, 85 % of its inodes',
    'failed   shop.service (The shop)',
  ]);
});
