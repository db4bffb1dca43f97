/**
 * Priorities below those of the host's own work (SCOUT_NICE): 10 of nice(1), and of disks only what nobody else wants. Set
 * before the wall, which takes the right to, and waited for: what the worker starts has what it has at that moment.
 */

/** For a shell: two processes. */
export const lowPriority = '{ renice -n 10 -p $$; ionice -c3 -p $$; } >/dev/null 2>&1 </dev/null';

/** For the builder in Perl, by itself: IOPRIO_WHO_PROCESS, oneself, IOPRIO_CLASS_IDLE (ioprio_set(2)). */
export const perlLowPriority = [
  'if ($o{nice}) { setpriority 0, 0, 10 if getpriority(0, 0) < 10;',
  '$known ? syscall($ioprio, 1, 0, 3 << 13) : system "ionice -c3 -p $$ >&9 2>&9" }',
].join(' ');
