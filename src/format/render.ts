import type { Rest, ShownEntry, ShownHosts, ShownTable, ShownText } from '../answer/fit-page.ts';
import { formatError } from '../errors.ts';
import { formatBytes } from '../units.ts';
import { formatHostNames } from './names.ts';

/**
 * An entry as text. Remote text stands between `<<<NONCE` and `>>>NONCE`; the nonce is made for this answer, so
 * that nothing remote can forge the end. `isAlone`: the answer is this entry, and an error in it says all.
 */
export function renderEntry(entry: ShownEntry, nonce: string, isAlone: boolean): string {
  const { hosts, heading, error } = entry;
  const texts = Object.entries(entry.texts).filter(([, { head, rest }]) => head !== '' || rest);
  const tables = Object.entries(entry.tables).filter(([, { rows, rest }]) => rows.length > 0 || rest);
  const saysAll = error && texts.length === 0 && tables.length === 0 && (isAlone || heading === '');
  const title = [hosts ? nameHosts(hosts) : '', heading].filter((part) => part !== '').join(': ');
  return [
    ...(saysAll ? [] : [title]),
    ...texts.map(([name, text]) => renderText(name, text, nonce)),
    ...tables.map(([name, table]) => renderTable(name, table, nonce)),
    ...(error ? [formatError(error)] : []),
    ...(saysAll && hosts && hosts.total > 1 ? [`(the same on ${nameOthers(hosts)})`] : []),
  ].join('\n');
}

/** An entry as the structured form holds it. */
export function structureEntry(entry: ShownEntry): Record<string, unknown> {
  const { hosts, facts, texts, tables, image, error } = entry;
  const fields: Record<string, unknown> = {};
  if (hosts) fields.hosts = hosts.names;
  if (hosts?.rest) Object.assign(fields, { hosts_total: hosts.total, hosts_rest: hosts.rest.target });
  Object.assign(fields, facts);
  for (const [text, { head, tail, rest, brief }] of Object.entries(texts)) {
    const name = brief ? `${text}_diff` : text;
    if (brief) Object.assign(fields, { diff_against: brief.against, [`${text}_whole`]: brief.whole });
    fields[name] = head;
    if (tail !== undefined) fields[`${name}_tail`] = tail;
    if (rest) Object.assign(fields, structureRest(name, rest));
  }
  for (const [name, { rows, rest }] of Object.entries(tables)) {
    fields[name] = rows.map((row) => row.facts);
    if (rest) Object.assign(fields, structureRest(name, rest));
  }
  if (image) fields.image = image.mimeType;
  if (error) fields.error = { code: error.code, message: error.message, fix: error.fix };
  return fields;
}

function structureRest(name: string, { target, hiddenBytes }: Rest): Record<string, unknown> {
  return { [`${name}_rest`]: target, [`${name}_hidden_bytes`]: hiddenBytes };
}

function renderText(name: string, { head, tail, rest, brief }: ShownText, nonce: string): string {
  const block = (text: string, label: string) =>
    `<<<${nonce} ${label}\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}>>>${nonce}`;
  return [
    ...(head === '' && tail !== undefined
      ? []
      : [block(head, brief ? `${name}, as of ${brief.against} but for this diff` : name)]),
    ...(rest ? [note(rest)] : []),
    ...(tail === undefined ? [] : [block(tail, `${name}, its end`)]),
    ...(brief ? [`[all of it: "${brief.whole}"]`] : []),
  ].join('\n');
}

function renderTable(name: string, { header, rows, rest }: ShownTable, nonce: string): string {
  const lines = [...(header === undefined ? [] : [header]), ...rows.map(({ line }) => line)];
  const block = [`<<<${nonce} ${name}`, ...lines, `>>>${nonce}`].join('\n');
  return rest ? `${block}\n${note(rest)}` : block;
}

function note({ target, hiddenBytes }: Rest): string {
  return `[${formatBytes(hiddenBytes)} not shown: read on with the target "${target}"]`;
}

function nameHosts({ names, total, rest }: ShownHosts): string {
  return rest
    ? `${names.join(', ')}, … (${total} hosts, the others: "${rest.target}")`
    : formatHostNames(names);
}

/** All but the first host, whose error was told. */
function nameOthers({ names, total, rest }: ShownHosts): string {
  const others = names.slice(1).join(', ');
  if (!rest) return others;
  return [others, `… (${total - 1} more hosts: "${rest.target}")`].filter((part) => part !== '').join(', ');
}
