import { program } from '../options.ts';
import { Refused } from '../refusal.ts';
import { subcommands } from '../subcommands.ts';

const changes = ['it changes what is installed', 'dpkg -l, dpkg -s PACKAGE'] as const;
const operandsOf: Readonly<Record<string, string>> = {
  '-l': 'PATTERN*',
  '-s': 'WORD+',
  '-L': 'WORD+',
  '-S': 'PATTERN+',
  '--version': '',
};

/** What Debian's package managers know: dpkg(1), apt-cache(8). */
export const packages = [
  program('dpkg', {
    options: `
      -l --list
      -s --status
      -L --listfiles
      -S --search
      --version`,
    operands: (seen) => {
      const [action = '', ...others] = seen;
      const operands = operandsOf[action];
      if (operands === undefined || others.length > 0) {
        throw new Refused('dpkg', 'exactly one action must be given', 'dpkg -l, dpkg -s, dpkg -L or dpkg -S');
      }
      return operands;
    },
    refused: {
      '-i': changes,
      '--install': changes,
      '-r': changes,
      '--remove': changes,
      '-P': changes,
      '--purge': changes,
      '--configure': changes,
    },
  }),
  subcommands('apt-cache', {
    verbs: [program('policy', { operands: 'WORD*' })],
    // With these empty names apt keeps its caches in memory.
    forced: ['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='],
    refused: {
      '-o': ['it changes settings, which can run programs', 'apt-cache policy PACKAGE'],
      '-c': ['it reads settings, which can run programs', 'apt-cache policy PACKAGE'],
      gencaches: ['it writes the cache', 'apt-cache policy PACKAGE'],
    },
  }),
];
