import { asScoutError, formatError } from '../errors.ts';
import { formatHardening, structureHardening } from '../format/format-hardening.ts';
import { exitCodes } from './exit-codes.ts';
import { oneHost } from './one-host.ts';
import { withScout } from './with-scout.ts';

export interface HardenOptions {
  readonly user: string;
  readonly json?: boolean;
}

/** `scout-mcp harden HOST [--user NAME] [--json]`: prints, and changes nothing. */
export async function runHarden(name: string, { user, json }: HardenOptions): Promise<void> {
  await withScout({ reader: 'for a person' }, async ({ hosts, config }, { signal }) => {
    try {
      const host = await oneHost('harden', name, hosts);
      if (host === undefined) return undefined;
      const { hardenHost } = await import('../operations/harden-host.ts');
      const hardened = await hardenHost({ hosts, config }, host, user, signal);
      const text = json
        ? JSON.stringify(structureHardening(hardened), undefined, 2)
        : formatHardening(hardened);
      process.stdout.write(`${text}\n`);
    } catch (thrown) {
      process.stderr.write(`${formatError(asScoutError(thrown))}\n`);
      process.exitCode = exitCodes.failed;
    }
    return undefined;
  });
}
