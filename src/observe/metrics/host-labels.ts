const mostHosts = 1_000;
/** No alias is spelled so. */
export const otherHosts = '(other)';

/**
 * Hosts as labels. A name that only a wildcard of the ssh configuration describes was made up by who called: it, and
 * what is beyond a thousand, is `(other)`, so that the number of time series has a bound.
 */
export class HostLabels {
  readonly #isListed: (host: string) => boolean;
  readonly #seen = new Set<string>();

  constructor(isListed: (host: string) => boolean) {
    this.#isListed = isListed;
  }

  label(host: string): string {
    if (this.#seen.has(host)) return host;
    if (this.#seen.size >= mostHosts || !this.#isListed(host)) return otherHosts;
    this.#seen.add(host);
    return host;
  }
}
