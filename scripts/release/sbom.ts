import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleOf } from './bundled-packages.ts';
import { cyclonedx } from './cyclonedx.ts';
import { spdx } from './spdx.ts';

/** `npm run package:sbom [DIRECTORY]`: what the bundle is made of, as CycloneDX and SPDX, into `release/`. */
const directory = process.argv[2] ?? 'release';
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const bundle = await bundleOf();
const documents = {
  [`${manifest.name}.cdx.json`]: cyclonedx(manifest, bundle, timestamp()),
  [`${manifest.name}.spdx.json`]: spdx(manifest, bundle, timestamp()),
};

await mkdir(directory, { recursive: true });
for (const [name, document] of Object.entries(documents)) {
  await writeFile(join(directory, name), `${JSON.stringify(document, undefined, 2)}\n`);
  console.log(`${join(directory, name)}: ${bundle.packages.length} packages, ${bundle.files.length} files`);
}

/** The commit's, so that the same commit gives the same document; SOURCE_DATE_EPOCH (seconds) wins. */
function timestamp(): string {
  const seconds =
    process.env.SOURCE_DATE_EPOCH || execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' });
  return new Date(Number(seconds) * 1000).toISOString();
}
