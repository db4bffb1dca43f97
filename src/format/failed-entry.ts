import type { Entry } from '../define.ts';
import type { FailureGroup } from '../operations/group.ts';
import { showPath } from './names.ts';

/** What failed on these hosts. Most errors name their path; the heading says it for those of the host. */
export function failedEntry({ hosts, error }: FailureGroup, path?: string): Entry {
  const isNamed = path === undefined || error.message.includes(showPath(path));
  return {
    hosts,
    heading: isNamed ? '' : showPath(path),
    facts: path === undefined ? {} : { path },
    texts: {},
    tables: {},
    error,
  };
}
