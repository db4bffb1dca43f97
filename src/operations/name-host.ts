import { ScoutError } from '../errors.ts';

/** The error with the host in its message: `path_not_found: web1: /nope does not exist`. */
export function nameHost(host: string, error: ScoutError): ScoutError {
  const { code, message, fix, cause } = error;
  return names(message, host) ? error : new ScoutError(code, `${host}: ${message}`, fix, cause);
}

/** A text without the name of its host, so that what several hosts say of themselves can be compared. */
export function withoutHost(text: string, host: string): string {
  return text.replace(wholeName(host), '\0');
}

/** A host may be called `a` or `the`: short names count at the beginning only, where errors have them. */
function names(message: string, host: string): boolean {
  if (message.startsWith(`${host}:`) || message.startsWith(`${host} `)) return true;
  return host.length > 3 && wholeName(host).test(message);
}

/** The name where it stands for the host: not as a part of a word, of another name, or of a path. */
function wholeName(host: string): RegExp {
  const literal = host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w./@"-])${literal}(?![\\w/@-]|\\.\\w)`, 'g');
}
