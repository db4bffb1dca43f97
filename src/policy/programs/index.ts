import { nearestNames } from '../../nearest-names.ts';
import type { Program } from '../grammar.ts';
import { Refused } from '../refusal.ts';
import type { Word } from '../word.ts';
import { absent } from './absent.ts';
import { bytes } from './bytes.ts';
import { compressed } from './compressed.ts';
import { docker } from './docker.ts';
import { find } from './find.ts';
import { getent } from './getent.ts';
import { ip } from './ip.ts';
import { jq } from './jq.ts';
import { lists } from './lists.ts';
import { lsof } from './lsof.ts';
import { mountLists } from './mounts.ts';
import { names } from './names.ts';
import { packages } from './packages.ts';
import { prints } from './prints.ts';
import { ps } from './ps.ts';
import { reads } from './reads.ts';
import { searches } from './searches.ts';
import { sessions } from './sessions.ts';
import { ss } from './ss.ts';
import { system } from './system.ts';
import { systemd } from './systemd.ts';
import { tests } from './test.ts';
import { texts } from './texts.ts';
import { zfs } from './zfs.ts';

const families: readonly (readonly Program[])[] = [
  prints,
  tests,
  searches,
  [find],
  lists,
  reads,
  system,
  [ps],
  texts,
  bytes,
  names,
  sessions,
  [jq],
  compressed,
  [ss, ip, lsof, getent],
  mountLists,
  systemd,
  [docker],
  zfs,
  packages,
];

/** Every program that may run, by its name. */
export const programs: ReadonlyMap<string, Program> = new Map(
  families.flat().map((program) => [program.name, program]),
);

/** The refusal of a program that is not in the table. */
export function unknownProgram(source: string | Word, name: string): Refused {
  const known = absent.get(name);
  if (known) return new Refused(source, `${name}: ${known[0]}`, known[1]);
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base !== name && programs.has(base)) {
    return new Refused(
      source,
      'programs are found by their name only, in the directories of the system',
      `${base}, without its directory`,
    );
  }
  if (base !== name)
    return new Refused(source, 'a program by its path is not run', `\`cat FILE\` to read a script`);
  const all = [...programs.keys()];
  const near = name.length > 2 ? nearestNames(name, all) : [];
  return new Refused(
    source,
    'this program is not among those known to be harmless',
    `${near.length > 0 ? `${near.join(' or ')}, if that was meant; or ` : ''}one of: ${all.join(' ')}`,
  );
}
