import { program } from '../options.ts';

const times = 'atime|access|use|ctime|status|mtime|modification|birth|creation';

/** Programs that look at names and never open a file: ls(1), tree(1), stat(1), du(1), df(1). */
export const lists = [
  program('ls', {
    // -I, -T and -w take a value here and none on BSD: the long form is printed, which BSD refuses.
    options: `
      -a --all
      -A --almost-all
      --author
      -b --escape
      --block-size=SIZE
      -B --ignore-backups
      : -c -C -f -g -k -l -m -o -p -q -S -t -u -U -v -x -X -1
      --color[=always|yes|force|never|no|none|auto|tty|if-tty]
      -d --directory
      -F
      --classify[=always|never|auto]
      --file-type
      --format=across|commas|horizontal|long|single-column|verbose|vertical
      --full-time
      --group-directories-first
      -G
      --no-group
      -h --human-readable
      --si
      -H --dereference-command-line
      --dereference-command-line-symlink-to-dir
      --hide=PATTERN
      --hyperlink[=always|never|auto]
      --indicator-style=none|slash|file-type|classify
      -i --inode
      --ignore=PATTERN -I
      --kibibytes
      -L --dereference
      -n --numeric-uid-gid
      -N --literal
      --hide-control-chars
      --show-control-chars
      -Q --quote-name
      --quoting-style=literal|locale|shell|shell-always|shell-escape|shell-escape-always|c|escape
      -r --reverse
      -R --recursive
      -s --size
      --sort=none|size|time|version|extension|width
      --time=${times}
      --time-style=TEXT
      --tabsize=NUMBER -T
      --width=NUMBER -w
      -Z --context
      --zero
      --help
      --version`,
    operands: 'NAME*',
    refused: { '-D': ['BSD reads a format after it', 'ls -l'], '--dired': ['it is for Emacs', 'ls -l'] },
  }),
  program('tree', {
    options: `
      : -a -d -l -f -x -q -N -Q -p -u -g -s -h -D -F -v -t -c -U -r -i -A -S -n -C -X -J
      -L=NUMBER
      -P=PATTERN
      -I=PATTERN
      --gitignore
      --ignore-case
      --matchdirs
      --metafirst
      --prune
      --noreport
      --charset=WORD
      --filelimit=NUMBER
      --timefmt=TEXT
      --si
      --du
      --inodes
      --device
      --dirsfirst
      --filesfirst
      --sort=name|version|size|mtime|ctime|none
      --version
      --help`,
    operands: 'NAME*',
    refused: {
      '-o': ['it writes a file', 'tree without -o: the answer holds what it prints'],
      '-R': ['it writes 00Tree.html into directories', 'tree -L with a larger number'],
      '-H': ['pages for a browser are not needed here, and with -R it writes them', 'tree -J or tree -X'],
      '--fromfile': ['it reads names from any file', 'tree DIRECTORY'],
    },
  }),
  program('stat', {
    options: `
      -L --dereference
      -f --file-system
      --cached=always|never|default
      -c --format=TEXT
      --printf=TEXT
      -t --terse
      --help
      --version`,
    operands: 'NAME+',
  }),
  program('du', {
    options: `
      -0 --null
      -a --all
      --apparent-size
      -B --block-size=SIZE
      -b --bytes
      -c --total
      -D --dereference-args
      -d --max-depth=NUMBER
      : -H -k -m
      -h --human-readable
      --inodes
      -L --dereference
      -l --count-links
      -P --no-dereference
      -S --separate-dirs
      --si
      -s --summarize
      -t --threshold=SIZE
      --time[=${times}]
      --time-style=TEXT
      -X --exclude-from=FILE
      --exclude=PATTERN
      -x --one-file-system
      --help
      --version`,
    operands: 'NAME*',
    refused: { '--files0-from': ['it reads names from any file', 'the names as operands'] },
  }),
  program('df', {
    options: `
      -a --all
      -B --block-size=SIZE
      -h --human-readable
      -H --si
      -i --inodes
      : -k -m -v
      -l --local
      --no-sync
      --output[=LIST]
      -P --portability
      --total
      -t --type=WORD
      -T --print-type
      -x --exclude-type=WORD
      --help
      --version`,
    operands: 'MOUNT*',
    refused: { '--sync': ['it writes what the kernel holds back', 'df without --sync'] },
  }),
];
