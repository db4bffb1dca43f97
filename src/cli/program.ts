import { Command, CommanderError } from 'commander';
import { settingRows } from '../config.ts';
import { version } from '../version.ts';
import { clients, printClientConfig } from './client-config.ts';
import { exitCodes } from './exit-codes.ts';
import { startServing } from './start-serving.ts';
import { toolNames } from './tool-names.ts';

/** Parse the command line and run what it asks for. Wrong usage exits with 2. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = new Command('scout-mcp')
    .description('An MCP server that looks at your machines over SSH and cannot change them.')
    .version(version)
    .exitOverride()
    .showHelpAfterError()
    .enablePositionalOptions();

  const serving = program
    .command('serve', { isDefault: true })
    .description('serve MCP on stdin and stdout (the default)')
    .showHelpAfterError('(scout-mcp serve --help lists the settings)');
  for (const { flag, variable, defaultText, meaning } of settingRows()) {
    serving.option(
      `--${flag} <value>`,
      `${meaning} (${variable}; default ${defaultText})`.replaceAll('`', ''),
    );
  }
  serving.action(async (_options: unknown, command: Command) => await startServing(flagsOf(command)));

  program
    .command('hosts')
    .description('list the hosts of the ssh configuration')
    .argument('[pattern]', 'alias, list, globs, exclusions: "web*,!web3"')
    .option('--probe', 'ask each for its banner (TCP, 3 s, never a login)')
    .option('--json', 'the structured result')
    .action(whenRun(({ runHosts }) => runHosts));

  program
    .command('doctor')
    .description('go the way to each host step by step, and say what fails and what fixes it')
    .argument('[hosts...]', 'aliases, lists, globs, exclusions; every listed host unless said')
    .option('--json', 'the structured result')
    .option('--ready', 'look at the program itself only, at no host')
    .action(whenRun(({ runDoctor }) => runDoctor));

  program
    .command('trust')
    .description('show the key of a host, ask you, and save it in known_hosts')
    .argument('<host>', 'alias')
    .option('--yes', 'save it without a question: you have compared the fingerprint')
    .action(whenRun(({ runTrust }) => runTrust));

  program
    .command('explain')
    .description('what the policy says of a command, word by word; no host is asked')
    .argument('<command>', "the command in quotes: 'ls -la /var/log | head'")
    .option('--cwd <directory>', 'where its relative paths start')
    .option('--json', 'the structured result')
    .action(whenRun(({ runExplain }) => runExplain));

  program
    .command('harden')
    .description('print an account, a key line and an sshd block that let scout-mcp look and do nothing else')
    .argument('<host>', 'alias')
    .option('--user <name>', 'the name of the account', 'scout')
    .option('--json', 'the structured result')
    .action(whenRun(({ runHarden }) => runHarden));

  program
    .command('call')
    .description('one tool call, as an MCP client would make it')
    .argument('<tool>', toolNames.join(', '))
    .argument('[arguments...]', 'key=value; a key that takes a list may be given several times')
    .option('--json', 'the structured result')
    .action(whenRun(({ runCall }) => runCall));

  program
    .command('audit')
    .description('look after audit logs (SCOUT_AUDIT_LOG)')
    .command('verify')
    .description('say whether an audit log is whole')
    .argument('<files...>', 'the log; with rotated ones before it, oldest first; - for stdin')
    .option(
      '--head <hash>',
      'the hash that a run logged at its end, which must be there; repeatable',
      collect,
      [],
    )
    .option('--json', 'the structured result')
    .action(whenRun(({ runAuditVerify }) => runAuditVerify));

  program
    .command('config')
    .description('print the entry for the configuration of an MCP client')
    .argument('<client>', clients.join(', '))
    .action(printClientConfig);

  program
    .command('demo')
    .description('see it work, with no set-up: embedded SSH hosts on loopback')
    .action(whenRun(({ runDemo }) => runDemo));

  process.stdout.on('error', endOfOutput);
  try {
    refuseUnknownCommand(program, argv[0]);
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // no exit at once: a disk that is too full for the help is heard of only afterwards
    if (error.exitCode !== 0) process.exitCode = exitCodes.wrongUsage;
  }
}

/** The commands are loaded when one runs: a client starts `serve` with flags too, and waits for no other command. */
function whenRun<Words extends unknown[]>(
  pick: (commands: typeof import('./commands.ts')) => (...words: Words) => void | Promise<void>,
) {
  return async (...words: Words) => await pick(await import('./commands.ts'))(...words);
}

/** The values of an option that may be given several times. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Commander would take it for an argument of the default command. Throws CommanderError. */
function refuseUnknownCommand(program: Command, first: string | undefined): void {
  if (first === undefined || first.startsWith('-')) return;
  const known = ['help', ...program.commands.map((command) => command.name())];
  if (!known.includes(first)) program.error(`error: unknown command ${JSON.stringify(first)}`);
}

/** A reader that has seen enough, such as head(1), is no failure; a full disk is. */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`scout-mcp: stdout cannot be written: ${error.code ?? error.message}\n`);
  process.exitCode = exitCodes.failed;
}

/** Flags by the names that `loadConfig` knows. */
function flagsOf(command: Command): Record<string, string> {
  return Object.fromEntries(
    command.options.flatMap((option) => {
      const value: unknown = command.getOptionValue(option.attributeName());
      return typeof value === 'string' ? [[option.name(), value]] : [];
    }),
  );
}
