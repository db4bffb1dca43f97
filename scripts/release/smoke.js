// `node scripts/release/smoke.js PACKAGE.tgz|DIRECTORY`: does what was packed work where it is installed? A tarball is
// installed into an empty directory without network and started as `npx -y scout-mcp`; a directory is an unpacked
// .mcpb, started as its manifest says. Needs nothing of this checkout but Node and npm.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const shell = process.platform === 'win32'; // npm and npx are .cmd files there
const given = process.argv[2];
if (!given) throw new Error('usage: node scripts/release/smoke.js PACKAGE.tgz|DIRECTORY');

const directory = mkdtempSync(join(tmpdir(), 'scout-smoke-'));
try {
  const { command, args, env, cwd } = given.endsWith('.tgz') ? installed(given) : unpacked(given);
  const config = join(directory, 'ssh_config');
  writeFileSync(config, 'Host smoke\n  HostName 192.0.2.1\n');
  const started = performance.now();
  const answers = await talk(command, args, cwd, { ...process.env, ...env, SCOUT_SSH_CONFIG: config });
  const { serverInfo } = answers.get(1);
  const { tools } = answers.get(2);
  const { structuredContent, isError } = answers.get(3);
  if (isError || !JSON.stringify(structuredContent).includes('"smoke"'))
    throw new Error('the host is not listed');
  if (tools.some(({ annotations }) => annotations.readOnlyHint !== true)) throw new Error('a tool writes');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `smoke: ${serverInfo.name} ${serverInfo.version} on ${process.platform} ${process.arch}, Node ${process.version}: ` +
      `${tools.length} tools, scout_hosts answered, exit 0 at the end of input, ${seconds} s`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function installed(tarball) {
  const install = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', resolve(tarball)];
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  execFileSync('npm', install, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'], shell });
  return { command: 'npx', args: ['-y', 'scout-mcp'], env: {}, cwd: directory };
}

/** By the rules of the bundle format: variables are replaced, a field that is left empty has its default. */
function unpacked(bundle) {
  if (!existsSync(join(bundle, 'manifest.json'))) throw new Error(`${bundle} is no unpacked bundle`);
  const manifest = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
  const values = { __dirname: resolve(bundle) };
  for (const [key, field] of Object.entries(manifest.user_config))
    values[`user_config.${key}`] = field.default;
  const filled = (text) => text.replace(/\$\{([\w.]+)\}/g, (whole, name) => values[name] ?? whole);
  const { command, args, env } = manifest.server.mcp_config;
  const variables = Object.entries(env).map(([name, value]) => [name, filled(value)]);
  return { command, args: args.map(filled), env: Object.fromEntries(variables), cwd: directory };
}

/** The results by request; throws for an error, for anything else on stdout, and for an exit code other than 0. */
async function talk(command, args, cwd, env) {
  const child = spawn(command, args, { cwd, env, shell, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}); // it may end before it has read all; what it answered says so
  const clientInfo = { name: 'smoke', version: '1' };
  const requests = [
    ['initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }],
    ['tools/list', {}],
    ['tools/call', { name: 'scout_hosts', arguments: {} }],
  ];
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const deadline = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const results = new Map();
  requests.forEach(([method, params], index) => {
    send({ id: index + 1, method, params });
    if (index === 0) send({ method: 'notifications/initialized' });
  });
  const ended = once(child, 'close');
  ended.catch(() => {}); // where it could not be started; awaited below
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line);
      if (message.error) throw new Error(message.error.message);
      if (message.id !== undefined) results.set(message.id, message.result);
      if (results.size === requests.length) child.stdin.end();
    }
    const [code] = await ended;
    if (code !== 0 || results.size < requests.length)
      throw new Error(`it answered ${results.size} of ${requests.length} requests and ended with ${code}`);
    return results;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}
