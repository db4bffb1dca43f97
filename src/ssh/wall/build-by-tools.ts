// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import { quote } from '../../quote.ts';

/** All file rights of setpriv's Landlock (util-linux 2.40) that write; what its kernel lacks makes it fail. */
const writing = ['write-file', 'remove-dir', 'remove-file', 'make-char', 'make-dir', 'make-reg', 'make-sock'];
const rights = [...writing, 'make-fifo', 'make-block', 'make-sym'];

const landlock = [
  `--landlock-access fs:${[...rights, 'refer', 'truncate'].join(',')}`,
  '--landlock-rule path-beneath:write-file,truncate:/dev/null',
].join(' ');

/**
 * Where there is neither Perl nor Python: Landlock by setpriv; for root a mount namespace by unshare and mount,
 * without the capabilities that could undo it; for others the same in a user namespace, where every other owner's
 * name is lost. Each is tried on `true` first, for `exec` has no way back. `$1` is how the worker kills, `$x` the
 * shell. Sets `w` where it stays in its shell.
 */
export function toolLines(loop: string): readonly string[] {
  const inside = quote(`${seen} ${loop}`);
  const drop = 'setpriv --no-new-privs --bounding-set=-all,+dac_read_search --inh-caps=-all';
  const mounts = quote(
    [
      'mount --make-rprivate / && while read -r a b c d p x; do p=$(printf "%b" "$p");',
      'mount -o remount,bind,ro "$p" 2>/dev/null; done </proc/self/mountinfo;',
      'exec "$@"',
    ].join(' '),
  );
  const start = `$x -c ${inside} sh "$1"`;
  return [
    [
      'if command -v setpriv >/dev/null 2>&1; then',
      `if setpriv --no-new-privs ${landlock} true 2>/dev/null; then`,
      `if [ "$(id -u)" = 0 ]; then exec ${drop} ${landlock} $x -c ${quote(`v="tools landlock"; ${seen} ${loop}`)} sh "$1";`,
      `else exec setpriv --no-new-privs ${landlock} $x -c ${quote(`v="tools landlock"; ${seen} ${loop}`)} sh "$1"; fi;`,
      `elif [ "$(id -u)" = 0 ] && unshare -m ${drop} true 2>/dev/null; then`,
      `exec unshare -m $x -c ${mounts} sh ${drop} ${start};`,
      `elif unshare -Urm ${drop} true 2>/dev/null; then`,
      `U=1; export U; exec unshare -Urm $x -c ${mounts} sh ${drop} ${start}; fi; fi`,
    ].join(' '),
  ];
}

/** From inside: a file of the account's that can be opened for appending is no wall. Nothing is written. */
const seen = [
  '[ "$v" ] || v="tools mounts${U:+ userns}"; unset U; y=F;',
  'for l in "$HOME"/.ssh/authorized_keys "$HOME"/.profile "$HOME"/.bashrc /etc/passwd;',
  'do if [ -f "$l" ] && (: >>"$l") 2>/dev/null; then y=; fi; done; w="$v nnp $y"; unset v y;',
].join(' ');
