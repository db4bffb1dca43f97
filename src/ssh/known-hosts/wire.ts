/** A reader of the data types of RFC 4251 section 5; throws RangeError past the end. */
export class WireReader {
  readonly #data: Buffer;
  #position = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get position(): number {
    return this.#position;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#data.length;
  }

  byte(): number {
    const value = this.#data.readUInt8(this.#position);
    this.#position += 1;
    return value;
  }

  uint32(): number {
    const value = this.#data.readUInt32BE(this.#position);
    this.#position += 4;
    return value;
  }

  uint64(): bigint {
    const value = this.#data.readBigUInt64BE(this.#position);
    this.#position += 8;
    return value;
  }

  /** A string as bytes; a view, not a copy. */
  string(): Buffer {
    const end = this.uint32() + this.#position;
    if (end > this.#data.length) throw new RangeError('a string is longer than its message');
    const value = this.#data.subarray(this.#position, end);
    this.#position = end;
    return value;
  }

  text(): string {
    return this.string().toString('latin1');
  }
}

/** `string` of RFC 4251 section 5: its length as uint32, then its bytes. */
export function wireString(value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([wireUint32(bytes.length), bytes]);
}

export function wireUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** `mpint` of RFC 4251 section 5 from an unsigned big-endian number. */
export function wireMpint(unsigned: Buffer): Buffer {
  let start = 0;
  while (start < unsigned.length && unsigned[start] === 0) start += 1;
  const bytes = unsigned.subarray(start);
  const negativeLooking = ((bytes[0] ?? 0) & 0x80) !== 0;
  return wireString(negativeLooking ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}
