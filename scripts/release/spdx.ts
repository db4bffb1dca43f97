import { createHash } from 'node:crypto';
import type { Bundle, BundledPackage } from './bundled-packages.ts';
import { purl, sha512Of } from './cyclonedx.ts';
import type { PackageManifest } from './server-json.ts';

const product = 'SPDXRef-Package-scout-mcp';

/** The parts of the bundle as an SPDX 2.3 document (ISO/IEC 5962 with its later fields). `created` is ISO 8601. */
export function spdx(manifest: PackageManifest, { packages, files }: Bundle, created: string) {
  const hash = createHash('sha256')
    .update(JSON.stringify([packages, files]))
    .digest('hex');
  const parts = packages.map(part);
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${manifest.name}-${manifest.version}`,
    // A name, not an address: it must be unique and need not lead anywhere.
    documentNamespace: `urn:scout-mcp:spdx:${manifest.version}:${hash}`,
    // SPDX knows whole seconds only.
    creationInfo: { created: created.replace(/\.\d+Z$/, 'Z'), creators: ['Tool: scripts/release/sbom.ts'] },
    documentDescribes: [product],
    packages: [
      { ...described(manifest.name, manifest.version, manifest.license), SPDXID: product },
      ...parts,
    ],
    files: files.map(({ name, sha256 }) => ({
      SPDXID: idOf('File', name),
      fileName: `./dist/${name}`,
      checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }],
      licenseConcluded: 'NOASSERTION',
      copyrightText: 'NOASSERTION',
    })),
    relationships: [
      related('SPDXRef-DOCUMENT', 'DESCRIBES', product),
      ...parts.map(({ SPDXID }) => related(product, 'CONTAINS', SPDXID)),
      ...files.map(({ name }) => related(product, 'CONTAINS', idOf('File', name))),
      ...packages.flatMap((each) =>
        each.dependsOn.map((other) =>
          related(idOf('Package', each.directory), 'DEPENDS_ON', idOf('Package', other)),
        ),
      ),
    ],
  };
}

function part(each: BundledPackage) {
  return {
    ...described(each.name, each.version, each.license),
    SPDXID: idOf('Package', each.directory),
    ...(each.integrity && { checksums: [{ algorithm: 'SHA512', checksumValue: sha512Of(each.integrity) }] }),
  };
}

function described(name: string, versionInfo: string, license: string) {
  return {
    name,
    versionInfo,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: license,
    licenseDeclared: license,
    copyrightText: 'NOASSERTION',
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: purl(name, versionInfo),
      },
    ],
  };
}

function related(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

/** Letters, digits, dots and hyphens are what an SPDX identifier may have. */
function idOf(kind: string, name: string): string {
  return `SPDXRef-${kind}-${name.replace(/[^\w.-]+/g, '-').replaceAll('_', '-')}`;
}
