import { expect, it } from 'vitest';
import { damageBy, hostileCommands } from './contain-hostile.ts';
import { contain } from './contained.ts';

const accounts = { root: { uid: 0, gid: 0 }, 'an ordinary user': { uid: 65534, gid: 65534 } };

it.each(
  Object.entries(accounts).flatMap(([who, ids]) =>
    ['', 'walled', 'processes'].map((kind) => [who, kind, ids] as const),
  ),
)(
  'as %s the whole hostile corpus changes nothing behind the wall "%s"',
  async (_, kind, ids) => {
    const contained = await contain();
    try {
      expect(hostileCommands.length).toBeGreaterThan(1_600);
      expect(await damageBy(contained, ids, hostileCommands, { kind })).toBe('');
    } finally {
      contained.end();
    }
  },
  600_000,
);
