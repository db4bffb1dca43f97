import { createHash } from 'node:crypto';
import type { Bundle, BundledPackage } from './bundled-packages.ts';
import type { PackageManifest } from './server-json.ts';

/** The parts of the bundle as a CycloneDX 1.6 document (ECMA-424). `timestamp` is ISO 8601. */
export function cyclonedx(manifest: PackageManifest, { packages, files }: Bundle, timestamp: string) {
  const root = purl(manifest.name, manifest.version);
  const component = {
    type: 'application',
    'bom-ref': root,
    name: manifest.name,
    version: manifest.version,
    licenses: [{ license: { id: manifest.license } }],
    purl: root,
    components: files.map(({ name, sha256 }) => ({
      type: 'file',
      'bom-ref': `dist/${name}`,
      name: `dist/${name}`,
      hashes: [{ alg: 'SHA-256', content: sha256 }],
    })),
  };
  const body = {
    metadata: {
      timestamp,
      lifecycles: [{ phase: 'build' }],
      tools: {
        components: [{ type: 'application', name: 'scripts/release/sbom.ts', version: manifest.version }],
      },
      component,
    },
    components: packages.map(library),
    dependencies: [
      { ref: root, dependsOn: unique(packages.map(refOf)) },
      ...packages.map((each) => ({
        ref: refOf(each),
        dependsOn: unique(packages.filter((other) => each.dependsOn.includes(other.directory)).map(refOf)),
      })),
    ],
    // Every byte of the product is in the list: nothing is fetched when it is installed or run.
    compositions: [{ aggregate: 'complete', assemblies: [root] }],
  };
  return { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: serial(body), version: 1, ...body };
}

function library(each: BundledPackage) {
  const [group, name] = each.name.startsWith('@') ? each.name.split('/') : [undefined, each.name];
  return {
    type: 'library',
    'bom-ref': refOf(each),
    ...(group && { group }),
    name,
    version: each.version,
    scope: 'required',
    ...(each.integrity && { hashes: [{ alg: 'SHA-512', content: sha512Of(each.integrity) }] }),
    licenses: [{ license: { id: each.license } }],
    purl: purl(each.name, each.version),
  };
}

/** The package URL of an npm package (https://github.com/package-url/purl-spec). */
export function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** The hash of an `integrity` line of the lockfile, hexadecimal. */
export function sha512Of(integrity: string): string {
  const hash = /^sha512-(\S+)$/.exec(integrity)?.[1];
  if (!hash) throw new Error(`the lockfile has an integrity of another form: ${integrity}`);
  return Buffer.from(hash, 'base64').toString('hex');
}

/** Two copies of one version are two parts. */
function refOf({ name, version, directory }: BundledPackage): string {
  return `${purl(name, version)}#${directory}`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** The same parts have the same serial number: a UUID of the form 8 (RFC 9562) made of their hash. */
function serial(body: object): string {
  const hex = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
