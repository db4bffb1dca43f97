import { commandText } from '../../policy/command-text.ts';
import { grepWords, pipeline } from './pipeline.ts';
import type { LogRequest } from './request.ts';

/** The command for the newest lines of a file that match. What is no regular file, such as a FIFO, is not opened. */
export function newestLines(
  path: string,
  isCompressed: boolean,
  { limit, pattern }: LogRequest,
  bytes: number,
  filter?: string,
): string {
  const tail = ['tail', '-n', String(limit)];
  const cut = ['tail', '-c', String(bytes)];
  const greps = [filter, pattern?.source].flatMap((each) => (each === undefined ? [] : [grepWords(each)]));
  const read = isCompressed ? [['zcat', '--', path]] : greps.length > 0 ? [['cat', '--', path]] : [];
  const commands = read.length > 0 ? [...read, ...greps, tail, cut] : [[...tail, '--', path], cut];
  return `${isFile(path)} && ${commandText(['test', '-r', path])} && ${pipeline(...commands)}`;
}

/** The command for the first line of a file, as far as a time may stand in it. */
export function firstLine(path: string, isCompressed: boolean): string {
  const cut = ['head', '-c', '600'];
  const read = isCompressed
    ? [
        ['zcat', '--', path],
        ['head', '-n', '1'],
      ]
    : [['head', '-n', '1', '--', path]];
  return `${isFile(path)} && ${pipeline(...read, cut)}`;
}

function isFile(path: string): string {
  return commandText(['test', '-f', path]);
}
