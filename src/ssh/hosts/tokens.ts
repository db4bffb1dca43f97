import { LineProblem } from './problem.ts';

/** Values of percent tokens by their letter (ssh_config(5) TOKENS). */
export type Tokens = Readonly<Record<string, string>>;

/**
 * `%x` replaced by its value and `%%` by `%`; a letter without a value is refused, as is a `%` at the end.
 * With `env`, `${NAME}` is replaced too; a name that is not set is refused. Throws LineProblem.
 */
export function expandTokens(text: string, tokens: Tokens, env?: NodeJS.ProcessEnv): string {
  const wanted = env ? /%(.?)|\$\{[^}]*\}?/gs : /%(.?)/gs;
  return text.replace(wanted, (whole, letter: string | undefined) => {
    if (letter === undefined) return expandVariables(whole, env ?? {});
    if (letter === '%') return '%';
    const value = Object.hasOwn(tokens, letter) ? tokens[letter] : undefined;
    if (value === undefined) throw new LineProblem(`unknown token ${JSON.stringify(whole)}`);
    return value;
  });
}

/** `${NAME}` replaced; a name that is not set is refused. Throws LineProblem. */
export function expandVariables(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{([^}]*)(\}?)/gs, (_, name: string, close: string) => {
    const value = env[name];
    if (name !== '' && close && value !== undefined) return value;
    // The name is the user's own text; the value never appears in a message.
    throw new LineProblem(close ? `environment variable ${JSON.stringify(name)} is not set` : 'missing "}"');
  });
}

/** Throws LineProblem where `text` holds a token whose letter is not in `letters`. */
export function checkTokens(text: string, letters: string): void {
  expandTokens(text, Object.fromEntries([...letters].map((letter) => [letter, ''])));
}

/** A leading `~` or `~user` replaced by the home directory. Throws LineProblem for a user who is not there. */
export function expandTilde(
  path: string,
  homeDir: string,
  homeOf: (user: string) => string | undefined,
): string {
  const match = /^~([^/]*)\/*(.*)$/s.exec(path);
  if (!match) return path;
  const home = match[1] ? homeOf(match[1]) : homeDir;
  if (home === undefined) throw new LineProblem(`there is no user ${JSON.stringify(match[1])}`);
  return `${home}${home.endsWith('/') ? '' : '/'}${match[2] ?? ''}`;
}
