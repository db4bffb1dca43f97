import { type Anchors, codesOf, createAnchors } from './anchors.ts';
import { assignments } from './assignments.ts';
import { headers } from './headers.ts';
import { headlessKey } from './headless-key.ts';
import { lineEndsOf } from './lines.ts';
import { privateKeys } from './private-keys.ts';
import type { Secret } from './secret.ts';
import { tokens } from './tokens.ts';
import { plainViews } from './views.ts';

/** Made once and never changed. */
const anchors: Anchors = createAnchors([...privateKeys, ...tokens, ...headers, ...assignments]);

/**
 * The secrets of a decoded text, in order, none over another. What a reader cannot see (`unseen`: escape sequences,
 * zero-width characters, bytes that were no UTF-8) hides none: they are looked for in the text without it. The work
 * grows as the text does, whatever it holds: one search for anchors, and bounded rules around them.
 */
export function findSecrets(text: string, hasUnseen: boolean): readonly Secret[] {
  if (!hasUnseen) return secretsIn(text);
  return merged(
    plainViews(text).flatMap(({ shown, at }) => secretsIn(shown).map((secret) => mapped(secret, at))),
  );
}

function secretsIn(text: string): readonly Secret[] {
  const found: Secret[] = [];
  const codes = codesOf(text);
  const lineEnd = lineEndsOf(text);
  const headless = headlessKey(text);
  if (headless) found.push(headless);
  let done = headless?.end ?? 0;
  for (let at = anchors.next(codes, done); at >= 0; ) {
    let next = at + 1;
    for (const rule of anchors.rulesAt(codes, at)) {
      const secret = rule(text, at, lineEnd);
      if (!secret || secret.end <= Math.max(done, secret.start)) continue;
      found.push(secret); // it may reach up over one before: the rest of a key over what looked like a token in it
      done = secret.end;
      next = Math.max(next, done - 3);
      break;
    }
    at = anchors.next(codes, next);
  }
  return merged(found);
}

function mapped({ start, end, kind }: Secret, at: (place: number) => number): Secret {
  return { start: at(start), end: at(end - 1) + 1, kind };
}

/** Pieces that overlap become one, called as the first of them. */
function merged(secrets: readonly Secret[]): readonly Secret[] {
  const disjoint: Secret[] = [];
  for (const secret of [...secrets].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = disjoint.at(-1);
    if (last && secret.start < last.end) {
      disjoint[disjoint.length - 1] = { ...last, end: Math.max(last.end, secret.end) };
    } else disjoint.push(secret);
  }
  return disjoint;
}
