import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Options } from 'tsup';
import config from '../../tsup.config.ts';
import { bundledPackages } from '../build/third-party-licenses.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];
type Outputs = Parameters<typeof bundledPackages>[0];

/** A package with at least one byte in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Where it was bundled from, such as `node_modules/a/node_modules/b`. */
  readonly directory: string;
  /** The lockfile's, of the tarball it came in: `sha512-…` in base64. */
  readonly integrity?: string;
  /** Directories of the bundled packages that its manifest names as dependencies. */
  readonly dependsOn: readonly string[];
}

export interface Bundle {
  readonly packages: readonly BundledPackage[];
  /** The files of `dist/` with their SHA-256, hexadecimal. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * What the built `dist/` is made of. The bundle is made once more, from the same configuration, to have the bundler's
 * own account of it. Throws where that does not give the very files of `dist/`: a list of parts is of one product.
 */
export async function bundleOf(): Promise<Bundle> {
  const directory = await mkdtemp(resolve('node_modules', '.bundle-'));
  try {
    const outputs = await buildInto(directory);
    const [files, again] = await Promise.all([hashesOf('dist'), hashesOf(directory)]);
    if (JSON.stringify(files) !== JSON.stringify(again)) {
      throw new Error('dist/ is not what the sources build: run npm run build');
    }
    return { packages: await describe(bundledPackages(outputs)), files };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function buildInto(outDir: string): Promise<Outputs> {
  let outputs: Outputs | undefined;
  const keepMetafile: Plugin = {
    name: 'keep-metafile',
    setup(run) {
      run.initialOptions.metafile = true;
      run.onEnd(({ metafile }) => {
        outputs = metafile?.outputs;
      });
    },
  };
  const configured = typeof config === 'function' ? await config({}) : config;
  if (Array.isArray(configured)) throw new Error('tsup.config.ts has more than one bundle');
  // all but the one that writes into dist/
  const plugins = configured.esbuildPlugins?.filter(({ name }) => name !== 'third-party-licenses') ?? [];
  await build({ ...configured, config: false, outDir, esbuildPlugins: [...plugins, keepMetafile] });
  if (!outputs) throw new Error('the bundler gave no account of the bundle');
  return outputs;
}

async function hashesOf(directory: string) {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.js')).sort();
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(directory, name));
      return { name, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  );
}

async function describe(directories: readonly string[]): Promise<BundledPackage[]> {
  const { packages: locked } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  return Promise.all(
    directories.map(async (directory) => {
      const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
      const integrity: string | undefined = locked[directory]?.integrity;
      return {
        name: manifest.name,
        version: manifest.version,
        license: manifest.license ?? manifest.licenses?.[0]?.type ?? 'unknown',
        directory,
        ...(integrity && { integrity }),
        dependsOn: Object.keys(manifest.dependencies ?? {}).flatMap(
          (name) => nearest(directory, name, directories) ?? [],
        ),
      };
    }),
  );
}

/** The directory from which Node would load `name` for a file of `from`, if it is among `directories`. */
function nearest(from: string, name: string, directories: readonly string[]): string | undefined {
  for (let place = `${from}/`; ; place = place.slice(0, place.lastIndexOf('node_modules/'))) {
    const candidate = `${place}node_modules/${name}`;
    if (directories.includes(candidate)) return candidate;
    if (!place.includes('node_modules/')) return undefined;
  }
}
