import { quote } from '../../quote.ts';

/** A shorter line is sent as it is. */
const leastLength = 16;
/** What one worker is made to remember, in UTF-16 units. */
const mostLength = 64 * 1024;
/** What a call is about: a path, or what was drawn for it. */
const isOfOneCall = /^p=|[0-9a-f]{24}/;

/**
 * The lines of scripts that a worker was told: what it knows it is told by name. A shell reads its orders byte by
 * byte, each by a system call, and a script of two thousand bytes was a third of what a small read took.
 */
export class KnownLines {
  readonly #names = new Map<string, string>();
  #length = 0;

  /**
   * `text` as one word on one line (a line feed is `$n`, which the boot sets to one), and the orders that the worker
   * must be given before it: they are to be sent, for from now on it is taken to know them.
   */
  wordOf(text: string): { readonly orders: string; readonly word: string } {
    const [first = '', ...others] = text.split('\n');
    if (others.length === 0) return { orders: '', word: quote(text) };
    let orders = '';
    let word = '';
    let isOpen = false;
    const expand = (name: string) => {
      word += isOpen ? `$${name}` : `"$${name}`;
      isOpen = true;
    };
    const add = (line: string) => {
      const known = this.#names.get(line);
      const name = known ?? this.#nameFor(line);
      if (name !== undefined && known === undefined) orders += `${name}=${quote(line)}; `;
      if (name !== undefined) expand(name);
      else if (line !== '') {
        word += `${isOpen ? '"' : ''}${quote(line)}`;
        isOpen = false;
      }
    };
    add(first);
    for (const line of others) {
      expand('n');
      add(line);
    }
    return { orders, word: isOpen ? `${word}"` : word };
  }

  /** Undefined where a line is not worth it, or enough are known. */
  #nameFor(line: string): string | undefined {
    if (line.length < leastLength || isOfOneCall.test(line)) return undefined;
    if (this.#length + line.length > mostLength) return undefined;
    const name = `_${this.#names.size}`; // none that a script of a caller has for its own
    this.#names.set(line, name);
    this.#length += line.length;
    return name;
  }
}
