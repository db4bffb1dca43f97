// `node scripts/release/add-bundle.js URL FILE.mcpb`: server.json of a release names its bundle too, with the hash by
// which a client checks what it fetched. Its address and bytes are known only when the release is made.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [url, file] = process.argv.slice(2);
if (!file) throw new Error('usage: node scripts/release/add-bundle.js URL FILE.mcpb');

const server = JSON.parse(readFileSync('server.json', 'utf8'));
server.packages.push({
  registryType: 'mcpb',
  identifier: new URL(url).href,
  version: server.version,
  fileSha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
  transport: { type: 'stdio' },
});
writeFileSync('server.json', `${JSON.stringify(server, undefined, 2)}\n`);
