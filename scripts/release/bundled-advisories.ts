/** A known flaw in a version that is in the bundle. */
export interface Advisory {
  readonly package: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

/** An advisory that is let through for a time, because it was looked at and does not touch us. */
export interface Accepted {
  readonly url: string;
  /** The last day on which it is let through, `2027-01-31`. */
  readonly until: string;
  readonly reason: string;
}

/** What of `npm audit --json` this needs (npm's report version 2). */
interface AuditReport {
  readonly vulnerabilities: Readonly<
    Record<string, { readonly nodes: readonly string[]; readonly via: readonly (string | RawAdvisory)[] }>
  >;
}

type RawAdvisory = Omit<Advisory, 'package'> & { readonly name: string };

/**
 * The advisories that are about a bundled copy of a package. A package that npm lists only because of another one
 * (a text in `via`) is left to that other one: it may not be bundled. `bundled` are directories, `today` is an ISO date.
 */
export function bundledAdvisories(
  report: AuditReport,
  bundled: readonly string[],
  accepted: readonly Accepted[],
  today: string,
): Advisory[] {
  const letThrough = new Set(accepted.filter(({ until }) => until >= today).map(({ url }) => url));
  return Object.entries(report.vulnerabilities)
    .filter(([, { nodes }]) => nodes.some((directory) => bundled.includes(directory)))
    .flatMap(([name, { via }]) =>
      via.flatMap((each) =>
        typeof each === 'string'
          ? []
          : [{ package: name, severity: each.severity, title: each.title, url: each.url }],
      ),
    )
    .filter(({ url }) => !letThrough.has(url));
}
