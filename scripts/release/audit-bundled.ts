import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { bundledAdvisories } from './bundled-advisories.ts';

/**
 * `npm run audit:bundled`: fails where an advisory is about code that we ship. Everything is a development dependency
 * here, so that plain `npm audit` mixes what is shipped with what is not. Where the registry gives no answer it says
 * that nothing was checked, and fails only with `--require`.
 */
const accepted = JSON.parse(await readFile('scripts/release/accepted-advisories.json', 'utf8'));
const bundled = shipped(
  await readFile('dist/THIRD-PARTY-LICENSES', 'utf8'),
  JSON.parse(await readFile('package-lock.json', 'utf8')).packages,
);
const { stdout, stderr } = spawnSync('npm', ['audit', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
  maxBuffer: 64 * 1024 * 1024,
});
const report = parsed(stdout);

if (!report?.vulnerabilities) {
  const reason = report?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  console.log(`audit: NOT CHECKED: the registry gave no answer about ${bundled.length} packages (${reason})`);
  if (process.argv.includes('--require')) process.exitCode = 1;
} else {
  const found = bundledAdvisories(report, bundled, accepted, new Date().toISOString().slice(0, 10));
  for (const each of found)
    console.log(`audit: ${each.severity}: ${each.package}: ${each.title} (${each.url})`);
  console.log(`audit: ${found.length} advisories for the ${bundled.length} packages in the bundle`);
  if (found.length > 0) process.exitCode = 1;
}

/** Where the lockfile has the packages that `dist/` says are in it. */
function shipped(notices: string, locked: Readonly<Record<string, { version: string }>>): string[] {
  const named = [...notices.matchAll(/^-{80}\n(\S+) (\S+) \(/gm)].map(
    ([, name, version]) => `${name}@${version}`,
  );
  if (named.length === 0) throw new Error('dist/THIRD-PARTY-LICENSES names no package: run npm run build');
  return Object.entries(locked)
    .filter(([place, { version }]) => named.includes(`${place.replace(/^.*node_modules\//, '')}@${version}`))
    .map(([place]) => place);
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
