import type { Anchored } from './anchors.ts';
import type { Secret } from './secret.ts';
import { isHarmlessValue } from './secret-names.ts';

const schemes =
  /^(?:Bearer|Basic|Token|Digest|Negotiate|NTLM|ApiKey|Api-Key|GenieKey|Splunk|SSWS|AWS4-HMAC-SHA256)[ \t]+/i;
const mostUnits = 8_192;
const mostAuthorityUnits = 512;
/** What is no part of an authority: controls, a blank, and these. */
const endsAuthority = Uint8Array.from({ length: 128 }, (_, code) =>
  code <= 0x20 || '"\'`<>/?#|\\'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Credentials of HTTP (RFC 9110 section 11.6.2, RFC 6265), registries, URLs and shadow(5). */
export const headers: readonly Anchored[] = [
  { grams: ['riza'], rule: authorizationAt },
  { grams: ['bear'], rule: bearerAt },
  { grams: ['cook'], rule: cookieAt },
  { grams: ['uth"', 'uth=', 'uth:', "uth'"], rule: registryAuthAt },
  { grams: [...'abcdefghijklmnopqrstuvwxyz0123456789'].map((last) => `${last}://`), rule: urlAt },
  { grams: ['7:::'], rule: shadowAt },
  { grams: ['curl'], rule: userAt },
  { grams: ['hpas'], rule: sshpassAt },
];

function authorizationAt(text: string, at: number): Secret | undefined {
  const start = at - 'autho'.length;
  const head = /^authorization["']?[ \t]*(?:[:=]|,)[ \t]*["']?/i.exec(text.slice(start, start + 40));
  if (!head) return undefined;
  const from = start + head[0].length;
  const value = lineUpTo(text, from, '\n"\'`');
  const scheme = schemes.exec(value)?.[0].length ?? 0;
  const secret = value.slice(scheme);
  if (isHarmlessValue(secret, 'password') || (scheme === 0 && !/^\S{16,}$/.test(secret))) return undefined;
  return { start: from + scheme, end: from + value.length, kind: 'authorization' };
}

function bearerAt(text: string, at: number): Secret | undefined {
  const match = /^Bearer[ \t]+([\w.~+/=-]{16,})/i.exec(text.slice(at, at + mostUnits));
  if (!match?.[1] || !/\d/.test(match[1])) return undefined;
  return { start: at + match[0].length - match[1].length, end: at + match[0].length, kind: 'authorization' };
}

function cookieAt(text: string, at: number): Secret | undefined {
  const head = /^cookie["']?[ \t]*:[ \t]*["']?/i.exec(text.slice(at, at + 30));
  if (!head) return undefined;
  const isSet = /set-$/i.test(text.slice(Math.max(0, at - 4), at));
  const from = at + head[0].length;
  const line = lineUpTo(text, from, isSet ? '\n"\'`;' : '\n"\'`');
  const name = line.indexOf('=') + 1;
  if (name === 0 || line.length - name < 6 || isHarmlessValue(line.slice(name), 'password')) return undefined;
  return { start: from + name, end: from + line.length, kind: 'cookie' };
}

/** `"auth": "dXNlcjpwYXNz"` of Docker's config.json, `_auth=` of npm. */
function registryAuthAt(text: string, at: number): Secret | undefined {
  const match = /^uth["']?[ \t]*[:=][ \t]*["']?([A-Za-z0-9+/]{12,2000}={0,2})/i.exec(
    text.slice(at, at + 2_100),
  );
  if (!match?.[1] || !/[_"']a$/i.test(text.slice(Math.max(0, at - 2), at))) return undefined;
  return { start: at + match[0].length - match[1].length, end: at + match[0].length, kind: 'registry-auth' };
}

/** scheme://user:secret@host: the last `@` before a blank, quote, slash or question mark ends the secret. */
function urlAt(text: string, at: number): Secret | undefined {
  const from = at + 4;
  let [colon, host] = [-1, -1];
  for (let place = from; place < from + mostAuthorityUnits; place += 1) {
    const code = text.charCodeAt(place);
    if (code === 0x40) host = place;
    else if (code === 0x3a && colon < 0) colon = place;
    else if (endsAuthority[code] === 1 || Number.isNaN(code)) break;
  }
  if (colon < 0 || host < colon) return undefined;
  const secret = text.slice(colon + 1, host);
  if (isHarmlessValue(secret, 'password')) return undefined;
  return { start: colon + 1, end: host, kind: 'url-password' };
}

/** A hash of the old crypt(3), 13 characters, in shadow(5): told by the ages that follow it. */
function shadowAt(text: string, at: number): Secret | undefined {
  const before = text.slice(Math.max(0, at - 40), at);
  const match = /:([\w./]{13}):\d{1,6}:\d{0,6}:\d{0,6}:$/.exec(before);
  if (!match?.[1]) return undefined;
  const start = at - match[0].length + 1;
  return { start, end: start + match[1].length, kind: 'password-hash' };
}

/** `curl -u name:secret`. */
function userAt(text: string, at: number): Secret | undefined {
  const match = /^curl\b[^\n]{0,200}? (?:-u|--user)[ =]?["']?[^\s:"']{1,100}:([^\s"']{1,200})/.exec(
    text.slice(at, at + 512),
  );
  if (!match?.[1] || isHarmlessValue(match[1], 'password')) return undefined;
  const end = at + match[0].length;
  return { start: end - match[1].length, end, kind: 'password' };
}

function sshpassAt(text: string, at: number): Secret | undefined {
  const match = /^hpass\s+-p\s*["']?([^\s"']{1,200})/.exec(text.slice(at, at + 240));
  if (!match?.[1] || isHarmlessValue(match[1], 'password')) return undefined;
  const end = at + match[0].length;
  return { start: end - match[1].length, end, kind: 'password' };
}

/** Up to the first of some characters; each is looked for at the speed of memory. */
function lineUpTo(text: string, from: number, ends: string): string {
  let line = text.slice(from, from + mostUnits);
  for (const end of ends) {
    const at = line.indexOf(end);
    if (at >= 0) line = line.slice(0, at);
  }
  return line.trimEnd();
}
