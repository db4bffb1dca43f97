import type { Program } from '../grammar.ts';
import { checkKind, kindOf } from '../kinds.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';

const databases = ['passwd', 'group', 'services', 'protocols'];

/**
 * getent(1) of the databases that ask no name server. `--` is not printed, for getent of musl takes it for a
 * database; a key that begins with `-` is refused instead.
 */
export const getent: Program = {
  name: 'getent',
  read: ([database, ...keys]) => {
    if (!database || !databases.includes(database.value)) {
      throw new Refused(
        database?.source ?? 'getent',
        'a database that asks no other machine must come here',
        `getent with one of: ${databases.join(' ')}`,
      );
    }
    note(database, 'operand: a database of this machine');
    return [database.value, ...keys].map((key) => {
      if (typeof key === 'string') return key;
      if (key.glob || key.tilde) throw new Refused(key, 'a pattern or path', 'a name or number');
      checkKind(kindOf('KEY'), key.value, key);
      note(key, 'operand: a key of it');
      return key.value;
    });
  },
};
