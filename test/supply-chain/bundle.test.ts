import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleOf } from '../../scripts/release/bundled-packages.ts';
import { cyclonedx, sha512Of } from '../../scripts/release/cyclonedx.ts';
import { spdx } from '../../scripts/release/spdx.ts';
import '../fixtures/built-program.ts';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const timestamp = '2027-01-01T00:00:00.000Z';
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleOf();
});

describe('the list of parts', () => {
  it('has the packages whose licences are shipped, no more and no fewer', () => {
    const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
    const named = [...licences.matchAll(/^-{80}\n(\S+) (\S+) \((\S+)\)$/gm)].map((match) => match.slice(1));
    expect(named.length).toBeGreaterThan(5);
    expect(bundle.packages.map(({ name, version, license }) => [name, version, license])).toEqual(named);
  });

  it('has every file of the bundle, and the hash in the lockfile of every package', () => {
    const files = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js'));
    expect(bundle.files.map(({ name }) => name)).toEqual(files.sort());
    expect(bundle.packages.filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('knows which part needs which', () => {
    const ssh2 = bundle.packages.find(({ name }) => name === 'ssh2');
    expect(ssh2?.dependsOn).toEqual(['node_modules/asn1', 'node_modules/bcrypt-pbkdf']);
  });
});

describe('the CycloneDX document', () => {
  it('names each part once, by a package URL, with licence and hash', () => {
    const { bomFormat, specVersion, components, serialNumber } = cyclonedx(manifest, bundle, timestamp);
    expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.6']);
    expect(serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
    expect(components).toHaveLength(bundle.packages.length);
    for (const { purl, hashes, licenses } of components) {
      expect(purl).toMatch(/^pkg:npm\/(%40[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+$/);
      expect(hashes?.[0]?.content).toMatch(/^[\da-f]{128}$/);
      expect(licenses[0]?.license.id).toMatch(/^[\w.-]+$/);
    }
  });

  it('refers only to parts that it has', () => {
    const { metadata, components, dependencies } = cyclonedx(manifest, bundle, timestamp);
    const known = [metadata.component['bom-ref'], ...components.map((each) => each['bom-ref'])];
    expect(new Set(known).size).toBe(known.length);
    expect(dependencies.map(({ ref }) => ref)).toEqual(known);
    expect(known).toEqual(expect.arrayContaining(dependencies.flatMap(({ dependsOn }) => dependsOn)));
  });

  it('is the same for the same parts, and another one for others', () => {
    const again = cyclonedx(manifest, bundle, timestamp);
    expect(cyclonedx(manifest, bundle, timestamp)).toEqual(again);
    const fewer = { ...bundle, packages: bundle.packages.slice(1) };
    expect(cyclonedx(manifest, fewer, timestamp).serialNumber).not.toBe(again.serialNumber);
  });
});

describe('the SPDX document', () => {
  it('has the fields that SPDX 2.3 demands, and identifiers that it allows', () => {
    const document = spdx(manifest, bundle, timestamp);
    expect(document).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      creationInfo: { created: '2027-01-01T00:00:00Z' },
    });
    expect(document.packages).toHaveLength(bundle.packages.length + 1);
    const ids = [...document.packages, ...document.files].map(({ SPDXID }) => SPDXID);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^SPDXRef-[a-zA-Z0-9.-]+$/.test(id))).toEqual([]);
  });

  it('relates only what it has, and every part to the product', () => {
    const { packages, files, relationships } = spdx(manifest, bundle, timestamp);
    const known = ['SPDXRef-DOCUMENT', ...[...packages, ...files].map(({ SPDXID }) => SPDXID)];
    const ends = relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement]);
    expect(known).toEqual(expect.arrayContaining(ends));
    const contained = relationships.filter(({ relationshipType }) => relationshipType === 'CONTAINS');
    expect(contained).toHaveLength(bundle.packages.length + bundle.files.length);
    expect(relationships.some(({ relationshipType }) => relationshipType === 'DEPENDS_ON')).toBe(true);
  });
});

it('A hash is read from the lockfile’s form, or refused', () => {
  expect(sha512Of('sha512-AQI=')).toBe('0102');
  expect(() => sha512Of('sha1-AQI=')).toThrow('another form');
});
