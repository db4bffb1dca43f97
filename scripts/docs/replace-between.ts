/**
 * The document with what stands between `<!-- NAME:start -->` and `<!-- NAME:end -->` replaced. Throws where the
 * markers are not there once each, in that order.
 */
export function replaceBetween(document: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const [before, rest, ...moreStarts] = document.split(start);
  const [, after, ...moreEnds] = (rest ?? '').split(end);
  if (rest === undefined || after === undefined || moreStarts.length > 0 || moreEnds.length > 0) {
    throw new Error(`the document needs ${start} and ${end}, once each`);
  }
  return `${before}${start}\n${content.trim()}\n${end}${after}`;
}
