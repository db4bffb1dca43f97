// `node scripts/release/notes.js TAG`: the notes of a release on stdout, from CHANGELOG.md. Fails where the tag, the
// version in package.json and in server.json, and a heading of the changelog are not the same.
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const server = JSON.parse(readFileSync('server.json', 'utf8'));
const tag = process.argv[2];
if (tag !== `v${version}`) fail(`the tag is ${tag}, package.json says ${version}`);
if (server.version !== version) fail(`server.json says ${server.version}, package.json ${version}`);

const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^(?=## )/m);
const own = sections.find((section) => /^## \[?([^\s\]]+)/.exec(section)?.[1] === version);
if (!own) fail(`CHANGELOG.md has no heading "## ${version}"`);
const notes = own.slice(own.indexOf('\n')).trim();
if (!notes) fail(`CHANGELOG.md says nothing about ${version}`);
console.log(notes);

function fail(message) {
  console.error(`notes: ${message}`);
  process.exit(1);
}
