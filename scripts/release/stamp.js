// `node scripts/release/stamp.js OWNER/REPOSITORY [BUNDLE.mcpb]`: before a release is packed, package.json learns where
// it is published from. npm's provenance and the MCP registry both compare that with the repository that publishes.
// The checkout keeps names that nobody can own (`invalid.`, RFC 2606), so that a fork cannot publish as somebody else.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [owner, repository, ...more] = (process.argv[2] ?? '').split('/');
if (!/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(repository ?? '') || more.length > 0) {
  throw new Error('usage: node scripts/release/stamp.js OWNER/REPOSITORY');
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
manifest.mcpName = `io.github.${owner}/${manifest.name}`;
manifest.repository = { type: 'git', url: `git+https://github.com/${owner}/${repository}.git` };
writeFileSync('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
execFileSync('npm', ['run', '--silent', 'manifests'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
