import { type Keyword, keywordNamed } from './keywords.ts';
import { matchesPattern } from './pattern.ts';

/** The values that configuration lines gave for one host so far, by keyword, before defaults and tokens. */
export class Values {
  readonly #values = new Map<string, string[]>();
  readonly #seen = new Set<string>();

  /** Take what one line gives: in most cases the first line counts (ssh_config(5)). */
  add(keyword: Keyword, values: readonly string[], isUserConfig: boolean): void {
    const { name } = keyword;
    if (keyword.merge === 'append') this.#append(name, values, isUserConfig);
    else if (keyword.merge === 'sendenv') this.#sendEnvironment(values);
    else if (keyword.merge === 'proxyjump') this.#proxyJump(values);
    else if (!this.#values.has(name)) this.#values.set(name, [...values]);
  }

  /** Set as an option of the command line would: before every file. */
  preset(name: 'user' | 'port' | 'proxyjump', value: string): void {
    const keyword = keywordNamed(name);
    if (typeof keyword === 'object') this.add(keyword, [value], true);
  }

  /** What the second reading starts with: the HostName that the first one led to, and how it was found. */
  beginFinal(hostName: string): void {
    this.#values.set('hostname', [hostName]);
    for (const name of ['canonicalizehostname', 'canonicalizemaxdots', 'canonicalizefallbacklocal']) {
      this.#values.set(name, [...(this.effective(name) ?? [])]);
    }
  }

  first(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] | undefined {
    return this.#values.get(name);
  }

  /** Like `first`, with the default of the keyword and with `none` as unset. */
  unlessNone(name: string): string | undefined {
    const value = this.first(name);
    return value === undefined || value.toLowerCase() === 'none' ? undefined : value;
  }

  /** What counts in the end: the first value, or the default of the keyword. */
  effective(name: string): readonly string[] | undefined {
    const keyword = keywordNamed(name);
    return this.#values.get(name) ?? (typeof keyword === 'object' ? keyword.fallback : undefined);
  }

  /** A path counts twice where the user's and the system's file both name it, as in ssh. */
  #append(name: string, values: readonly string[], isUserConfig: boolean): void {
    const list = this.#values.get(name) ?? [];
    for (const value of values) {
      const key = `${name}\0${isUserConfig}\0${value}`;
      if (!this.#seen.has(key)) list.push(value);
      this.#seen.add(key);
    }
    this.#values.set(name, list);
  }

  /** `-PATTERN` takes names away that an earlier line gave. */
  #sendEnvironment(names: readonly string[]): void {
    let list = this.#values.get('sendenv') ?? [];
    for (const name of names) {
      if (name.startsWith('-')) list = list.filter((sent) => !matchesPattern(sent, name.slice(1)));
      else list.push(name);
    }
    this.#values.set('sendenv', list);
  }

  /** Of ProxyCommand and ProxyJump whichever comes first counts; `ProxyJump none` leaves a ProxyCommand room. */
  #proxyJump(values: readonly string[]): void {
    const isNone = values[0]?.toLowerCase() === 'none';
    if (this.#values.has('proxyjump') || (!isNone && this.#values.has('proxycommand'))) return;
    this.#values.set('proxyjump', [...values]);
    if (!isNone) this.#values.set('proxycommand', ['none']);
  }
}
