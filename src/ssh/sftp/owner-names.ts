import { type RemoteText, toRemoteLine } from '../../remote-text.ts';
import { maxOwnerLength, type ReadOutcome } from '../files.ts';

/** How many bytes of passwd(5) and group(5) are looked at; owners beyond stay numbers. */
const maxBytes = 256 * 1024;

interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/**
 * SFTP tells owners by number. Their names stand in /etc/passwd and /etc/group of the machine, which are read
 * once, when the first number is met; where they cannot be read (a chroot), or do not know it (a directory
 * service), the number stays.
 */
export class OwnerNames {
  #names: Promise<Names> | undefined;
  /** Names as they are shown: few, and the same ones again and again. */
  readonly #shown = new Map<string, RemoteText>();

  /** The outcome with names; `read` reads one file of the same machine, and may fail. */
  async fillIn(
    outcome: ReadOutcome,
    read: (path: string, maxBytes: number) => Promise<ReadOutcome>,
  ): Promise<ReadOutcome> {
    const { facts } = outcome;
    if (String(facts.ownerId) !== facts.owner && String(facts.groupId) !== facts.group) return outcome;
    this.#names ??= loadNames(read);
    const { users, groups } = await this.#names;
    const owner = this.#show(users, facts.ownerId) ?? facts.owner;
    const group = this.#show(groups, facts.groupId) ?? facts.group;
    return { ...outcome, facts: { ...facts, owner, group } };
  }

  #show(names: ReadonlyMap<number, string>, id: number | undefined): RemoteText | undefined {
    const name = id === undefined ? undefined : names.get(id);
    if (name === undefined) return undefined;
    const shown = this.#shown.get(name) ?? toRemoteLine(name, maxOwnerLength);
    this.#shown.set(name, shown);
    return shown;
  }
}

async function loadNames(read: (path: string, maxBytes: number) => Promise<ReadOutcome>): Promise<Names> {
  const load = async (path: string) => {
    try {
      const outcome = await read(path, maxBytes);
      return outcome.what === 'file' ? namesIn(Buffer.from(outcome.content).toString('utf8')) : new Map();
    } catch {
      return new Map<number, string>(); // numbers are an answer too
    }
  };
  const [users, groups] = await Promise.all([load('/etc/passwd'), load('/etc/group')]);
  return { users, groups };
}

/** `name:password:number:…`, the beginning that passwd(5) and group(5) share. */
function namesIn(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, name, number] = /^([^:]+):[^:]*:(\d+):/.exec(line) ?? [];
    if (name !== undefined && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}
