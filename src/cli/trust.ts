import { createInterface } from 'node:readline/promises';
import { asScoutError, formatError } from '../errors.ts';
import { logEvents } from '../observe/log-events.ts';
import type { FirstLook } from '../ssh/diagnose/first-look.ts';
import { addHostKey } from '../ssh/known-hosts/add-host-key.ts';
import { hostKeyError } from '../ssh/known-hosts/host-key-error.ts';
import { keyTypeName } from '../ssh/known-hosts/public-key.ts';
import { exitCodes } from './exit-codes.ts';
import { oneHost } from './one-host.ts';
import { stderrLog } from './stderr-log.ts';
import { withScout } from './with-scout.ts';

/** `scout-mcp trust HOST [--yes]`: the only way by which this program is told to trust a new key. */
export async function runTrust(name: string, options: { readonly yes?: boolean }): Promise<void> {
  await withScout({ reader: 'for a person' }, async ({ hosts, config }, { signal }) => {
    try {
      const host = await oneHost('trust', name, hosts);
      if (host === undefined) return undefined;
      const { lookAtHostKey } = await import('../ssh/diagnose/first-look.ts');
      const observe = logEvents(stderrLog(config), config);
      const look = await lookAtHostKey(host, { config, hosts, env: process.env, observe }, signal);
      await decide(look, options.yes === true, signal);
    } catch (thrown) {
      process.stderr.write(`${formatError(asScoutError(thrown))}\n`);
      process.exitCode = exitCodes.failed;
    }
    return undefined;
  });
}

/** A known key is fine, a changed or revoked one is never touched, an unknown one is the person's decision. */
async function decide(look: FirstLook, yes: boolean, signal: AbortSignal): Promise<void> {
  const { settings, verdict } = look;
  const key = `${keyTypeName(verdict.keyType)} key ${verdict.fingerprint}`;
  if (verdict.state === 'known') {
    const place = verdict.decidedBy ? ` (${verdict.decidedBy.file}:${verdict.decidedBy.line})` : '';
    process.stdout.write(`${settings.alias}: the ${key} is known already${place}\n`);
    return;
  }
  if (verdict.state !== 'unknown' || verdict.problems.length > 0) throw hostKeyError(settings, verdict);
  process.stderr.write(
    [
      `${settings.alias} (${verdict.lookupName}) shows a key that is not known:`,
      `  ${keyTypeName(verdict.keyType)}  ${verdict.fingerprint}`,
      'On the machine itself, this prints its fingerprint:',
      `  ssh-keygen -lf /etc/ssh/ssh_host_${keyTypeName(verdict.keyType).toLowerCase()}_key.pub`,
      '',
    ].join('\n'),
  );
  if (!yes && !(process.stdin.isTTY && process.stderr.isTTY)) {
    const how = `run \`scout-mcp trust ${settings.alias}\` in a terminal, or add --yes once you have compared the fingerprint`;
    return say(`nothing was saved, for nobody can be asked here: ${how}`, exitCodes.wrongUsage);
  }
  if (!yes && !(await isConfirmed(verdict.fingerprint, signal)))
    return say('nothing was saved', exitCodes.failed);
  await save(look);
}

async function save({ settings, verdict, override }: FirstLook): Promise<void> {
  const saved = await addHostKey(settings, verdict, override);
  if (saved.added) process.stdout.write(`${settings.alias}: the key is saved in ${saved.file}\n`);
  else {
    const where = saved.file === undefined ? '' : ` in ${saved.file}`;
    say(`the key of ${settings.alias} was not saved${where}: ${saved.reason}`, exitCodes.failed);
  }
}

/** As ssh(1) asks: `yes`, or the fingerprint itself, confirms. The end of input and an interruption do not. */
async function isConfirmed(fingerprint: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const question = 'Is it the same, and shall it be saved (yes/no/fingerprint)? ';
    const asked = terminal.question(question, { signal }).catch(() => ''); // rejects when interrupted
    const answer = (await Promise.race([asked, ended])).trim();
    return answer.toLowerCase() === 'yes' || answer === fingerprint;
  } finally {
    terminal.close();
  }
}

function say(message: string, exitCode: number): undefined {
  process.stderr.write(`scout-mcp trust: ${message}\n`);
  process.exitCode = exitCode;
}
