import type { Progress } from '../call.ts';

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that says how far a call is, written over again and again; nothing where nobody watches. */
export function showProgress(terminal: Terminal): {
  readonly progress: (progress: Progress) => void;
  /** Take the line away, before anything else is written. */
  readonly clear: () => void;
} {
  const lineStart = '\r\x1b[K'; // carriage return, then erase to the end of the line (ECMA-48, EL)
  let isShown = false;
  return {
    progress: ({ done, total }) => {
      if (!terminal.isTTY || total === undefined) return;
      terminal.write(`${lineStart}${done} of ${total} hosts`);
      isShown = true;
    },
    clear: () => {
      if (isShown) terminal.write(lineStart);
      isShown = false;
    },
  };
}
