import { asScoutError } from '../../errors.ts';
import { type RemoteText, toRemoteLine } from '../../remote-text.ts';
import type { HostBook } from '../hosts/host-book.ts';

const leastNodeVersion = 20;

/** One thing that the program needs for itself. */
export interface ReadyCheck {
  readonly name: 'node' | 'engine' | 'config';
  readonly ok: boolean;
  readonly detail: RemoteText;
  readonly fix?: string;
}

/** Could the program work: no host is asked, no packet is sent, no command of the configuration runs. */
export async function checkReadiness(hosts: HostBook, nodeVersion: string): Promise<readonly ReadyCheck[]> {
  return [checkNode(nodeVersion), await checkEngine(), await checkConfiguration(hosts)];
}

function checkNode(version: string): ReadyCheck {
  const ok = Number(version.split('.')[0]) >= leastNodeVersion;
  const detail = toRemoteLine(`Node.js ${version}`);
  return { name: 'node', ok, detail, ...(!ok && { fix: `Install Node.js ${leastNodeVersion} or newer.` }) };
}

async function checkEngine(): Promise<ReadyCheck> {
  try {
    await import('../connection/dial.ts');
    return { name: 'engine', ok: true, detail: toRemoteLine('the built-in SSH engine loads') };
  } catch (error) {
    const detail = toRemoteLine(`the built-in SSH engine does not load: ${String(error)}`);
    return { name: 'engine', ok: false, detail, fix: 'Install scout-mcp again: its files are not complete.' };
  }
}

async function checkConfiguration(hosts: HostBook): Promise<ReadyCheck> {
  try {
    const listed = await hosts.list();
    const refused = listed.filter(({ problem }) => problem !== undefined);
    const detail = toRemoteLine(
      `${listed.length} ${listed.length === 1 ? 'host' : 'hosts'} in the ssh configuration`,
    );
    if (refused.length === 0) return { name: 'config', ok: true, detail };
    const first = refused[0];
    return {
      name: 'config',
      ok: false,
      detail: toRemoteLine(
        `ssh would refuse ${refused.length} of them, such as ${first?.alias}: ${first?.problem}`,
        500,
      ),
      fix: 'Correct it there. `ssh -G NAME` shows whether ssh accepts the configuration.',
    };
  } catch (thrown) {
    const { message, fix } = asScoutError(thrown);
    return { name: 'config', ok: false, detail: toRemoteLine(message, 500), fix };
  }
}
