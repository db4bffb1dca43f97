const lineFeed = 0x0a;

export interface Wanted {
  /** First line wanted, 1-based, counted from the first byte of the chunks. */
  readonly firstLine: number;
  readonly lines: number | undefined;
  readonly maxBytes: number;
}

export interface Taken {
  readonly content: Buffer;
  readonly truncated: boolean;
  readonly reachedEnd: boolean;
}

/** Lines out of a stream of bytes: skipped ones are not kept, and reading stops as soon as all is known. */
export async function takeLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  wanted: Wanted,
): Promise<Taken> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let toSkip = wanted.firstLine - 1;
  let toTake = wanted.lines ?? Number.POSITIVE_INFINITY;
  const result = (truncated: boolean, reachedEnd: boolean): Taken => ({
    content: Buffer.concat(kept),
    truncated,
    reachedEnd,
  });

  for await (const chunk of chunks) {
    let start = 0;
    while (toSkip > 0 && start < chunk.length) {
      const feed = chunk.indexOf(lineFeed, start);
      start = feed < 0 ? chunk.length : feed + 1;
      if (feed >= 0) toSkip -= 1;
    }
    if (start === chunk.length) continue;
    let end = toTake === Number.POSITIVE_INFINITY ? chunk.length : start;
    while (toTake > 0 && end < chunk.length) {
      const feed = chunk.indexOf(lineFeed, end);
      end = feed < 0 ? chunk.length : feed + 1;
      if (feed >= 0) toTake -= 1;
    }
    const room = wanted.maxBytes - keptBytes;
    const part = chunk.subarray(start, Math.min(end, start + room));
    kept.push(part);
    keptBytes += part.length;
    if (end - start > room) return result(true, false);
    if (end < chunk.length) return result(false, false); // there is a byte behind the last wanted line
  }
  return result(false, true);
}
