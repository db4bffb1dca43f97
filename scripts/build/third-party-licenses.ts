import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']);

interface Notice {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** Writes the licence of every package that has a byte in the bundle; a licence outside the list fails the build. */
export function thirdPartyLicenses(file: string): Plugin {
  return {
    name: 'third-party-licenses',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(async ({ metafile }) => {
        if (!metafile) return;
        const notices = await Promise.all(bundledPackages(metafile.outputs).map(noticeOf));
        for (const notice of notices) assertAllowed(notice);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, render(notices));
      });
    },
  };
}

/** Directories (`node_modules/…`) of the packages that contribute bytes to an output. */
export function bundledPackages(
  outputs: Readonly<Record<string, { inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>,
): string[] {
  const directories = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const directory = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (directory && bytesInOutput > 0) directories.add(directory);
    }
  }
  return [...directories].sort();
}

/** Throws for a licence that is not on the list. */
export function assertAllowed({ name, version, license }: Notice): void {
  if (allowed.has(license)) return;
  throw new Error(
    `${name}@${version} is bundled but its licence (${license}) is not on the list of allowed ones`,
  );
}

async function noticeOf(directory: string): Promise<Notice> {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const file = (await readdir(directory)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (!file) throw new Error(`${manifest.name} is bundled but ships no licence text`);
  return {
    name: manifest.name,
    version: manifest.version,
    // Old manifests have a list of objects.
    license: manifest.license ?? manifest.licenses?.[0]?.type ?? 'unknown',
    text: (await readFile(join(directory, file), 'utf8')).trim(),
  };
}

function render(notices: readonly Notice[]): string {
  const head = 'scout-mcp contains the following packages in bundled form, each under its own licence.\n';
  const rule = '-'.repeat(80);
  return [
    head,
    ...notices.map(
      ({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n\n${text}\n`,
    ),
  ].join('\n');
}
