/** A line without its line feed; `bytes` is missing for one longer than the limit, which was not kept. */
export interface ReadLine {
  readonly number: number;
  readonly bytes?: Buffer;
  /** False for the last line of a file that does not end in a line feed. */
  readonly isEnded: boolean;
}

const lineFeed = 0x0a;

/** The lines of a stream of bytes, whatever they hold, in the memory of one line of `longestBytes`. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  longestBytes: number,
): AsyncGenerator<ReadLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  const take = (part: Buffer) => {
    length += part.length;
    if (length <= longestBytes) parts.push(part);
    else parts = [];
  };
  const line = (isEnded: boolean): ReadLine => {
    number += 1;
    const kept = length <= longestBytes ? { bytes: Buffer.concat(parts) } : {};
    parts = [];
    length = 0;
    return { number, ...kept, isEnded };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      take(chunk.subarray(from, end));
      from = end + 1;
      yield line(true);
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (length > 0) yield line(false);
}
