import type { DenyPaths } from '../../deny-paths.ts';
import { ScoutError } from '../../errors.ts';
import { pathDenied } from '../../path-denied.ts';
import type { FindDoor, FindOutcome, FindRequest } from '../find.ts';
import { notSearched, tooMuchFound } from '../find-error.ts';
import { showPath } from '../show-path.ts';
import type { RunScript } from './file-door.ts';
import { findScript } from './find-script.ts';
import { FoundRecords } from './found-records.ts';
import type { Sink } from './framed-channel.ts';
import { newTag } from './shell-worker.ts';
import { isReason, pathError } from './why-not.ts';

/** Search files by a shell: one script, and so one round trip, which is killed as soon as enough has come. */
export function createShellFinder(run: RunScript, denied: DenyPaths): FindDoor {
  return {
    async find(request, signal) {
      const token = newTag();
      const records = new FoundRecords(request);
      const complaints = new Complaints(token);
      const sink: Sink = {
        stdout(chunk) {
          records.push(chunk);
          return records.more || records.receivedBytes > request.maxBytes ? 'stop' : 'more';
        },
        stderr(chunk) {
          complaints.push(chunk);
          return 'more';
        },
      };
      const outcome = (stopped?: ScoutError): FindOutcome => {
        const { unreadable, denied: refused } = complaints;
        const found = records.end();
        return {
          found,
          more: records.more,
          unreadable,
          denied: refused,
          skipped: 0,
          ...(stopped && { stopped }),
        };
      };
      try {
        const end = await run(findScript(request, token, denied), sink, signal);
        if (records.failure !== undefined) throw refusal(records.failure, request);
        return 'exitCode' in end || records.more ? outcome() : outcome(tooMuchFound(records.receivedBytes));
      } catch (error) {
        if (error instanceof ScoutError && error.code === 'command_timeout' && records.hasBegun)
          return outcome(error);
        throw error;
      }
    },
  };
}

function refusal(reason: string, request: FindRequest): ScoutError {
  if (isReason(reason)) return pathError(reason, request.path);
  if (reason === 'D') return pathDenied(request.path);
  if (reason === 'V') return notSearched(request.path);
  return new ScoutError(
    'not_available',
    `the machine has no find that could search ${showPath(request.path)} so`,
    'Install findutils or BusyBox there, or search without since and larger_than.',
  );
}

const lineFeed = 0x0a;

/** Counts the lines that tell of one thing each, by their beginnings: a name may hold line feeds. */
class Complaints {
  readonly #token: string;
  #start = '';
  unreadable = 0;
  denied = 0;

  constructor(token: string) {
    this.#token = token;
  }

  push(chunk: Buffer): void {
    for (let begin = 0; begin < chunk.length; ) {
      const feed = chunk.indexOf(lineFeed, begin);
      const end = feed < 0 ? chunk.length : feed;
      this.#start += chunk.toString('latin1', begin, Math.min(end, begin + 64 - this.#start.length));
      if (feed >= 0) this.#count();
      begin = end + 1;
    }
  }

  #count(): void {
    if (this.#start.startsWith(this.#token)) this.denied += 1;
    else if (/^(find|grep):/.test(this.#start)) this.unreadable += 1;
    this.#start = '';
  }
}
