import { spawn } from 'node:child_process';

const limitMs = 120_000;

/** The program that asks for a passphrase, where ssh(1), ENVIRONMENT would run it without a terminal. */
export function askpassProgram(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { SSH_ASKPASS, SSH_ASKPASS_REQUIRE, DISPLAY, WAYLAND_DISPLAY } = env;
  if (!SSH_ASKPASS || SSH_ASKPASS_REQUIRE === 'never') return undefined;
  const wanted = SSH_ASKPASS_REQUIRE === 'force' || SSH_ASKPASS_REQUIRE === 'prefer';
  return wanted || DISPLAY || WAYLAND_DISPLAY ? SSH_ASKPASS : undefined;
}

/**
 * Ask for the passphrase of `path`: the program gets the prompt as its argument and prints the answer's line.
 * Undefined where the person declines, nothing comes for 2 min, or the program cannot be run. Never rejects.
 */
export function askPassphrase(
  program: string,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const prompt = `Enter passphrase for key '${path.slice(0, 100)}': `;
    const child = spawn(program, [prompt], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...env } });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (answer.length < 4096) answer += chunk;
    });
    child.once('error', () => settle(undefined));
    child.once('close', (code) => settle(code === 0 ? answer.split(/\r?\n/)[0] : undefined));
    const settle = (passphrase: string | undefined) => {
      clearTimeout(timer);
      resolve(passphrase);
    };
  });
}
