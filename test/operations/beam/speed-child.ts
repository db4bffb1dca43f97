/**
 * Copies in a process of its own, so that its memory is that of copying: `node child.mjs CONFIG ROOT JSON`,
 * where JSON is a list of `{ from, to }`. Prints a line of JSON for each: what it took, and the most memory so far.
 */
import { homedir } from 'node:os';
import { loadConfig } from '../../../src/config.ts';
import { assemble } from '../../../src/serve.ts';

const [sshConfig = '', root = '', list = '[]'] = process.argv.slice(2);
const nice = process.env.SCOUT_NICE ?? 'on';
const settings = { SCOUT_NICE: nice, SCOUT_SSH_CONFIG: sshConfig, SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: root };
const env = { HOME: homedir(), PATH: process.env.PATH, SHELL: '/bin/sh' };
const scout = assemble(loadConfig(settings), env, () => {});
const tool = scout.answerer.tools.find(({ name }) => name === 'scout_beam');
for (const args of JSON.parse(list)) {
  if (!tool) break;
  const startedMs = performance.now();
  const answer = await scout.answerer.callTool(tool, args, { signal: new AbortController().signal });
  const ms = performance.now() - startedMs;
  const rssBytes = process.resourceUsage().maxRSS * 1024;
  if (answer.error?.cause) console.error(answer.error.cause);
  process.stdout.write(`${JSON.stringify({ ms, rssBytes, text: answer.text, isError: answer.isError })}\n`);
}
await scout.close();
