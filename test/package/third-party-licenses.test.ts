import { describe, expect, it } from 'vitest';
import { assertAllowed, bundledPackages } from '../../scripts/build/third-party-licenses.ts';

describe('the licence check', () => {
  const notice = { name: 'x', version: '1.0.0', text: '' };

  it('names the packages that have a byte in an output, scoped and nested ones too', () => {
    const inputs = {
      'src/a.ts': { bytesInOutput: 9 },
      'node_modules/a/index.js': { bytesInOutput: 5 },
      'node_modules/a/other.js': { bytesInOutput: 5 },
      'node_modules/@s/b/index.js': { bytesInOutput: 5 },
      'node_modules/a/node_modules/c/index.js': { bytesInOutput: 5 },
      'node_modules/shaken-off/index.js': { bytesInOutput: 0 },
    };
    const found = ['node_modules/@s/b', 'node_modules/a', 'node_modules/a/node_modules/c'];
    expect(bundledPackages({ 'dist/main.js': { inputs } })).toEqual(found);
  });

  it('refuses a licence that is not on the list', () => {
    expect(() => assertAllowed({ ...notice, license: 'GPL-3.0' })).toThrow(
      'x@1.0.0 is bundled but its licence (GPL-3.0)',
    );
    expect(() => assertAllowed({ ...notice, license: 'MIT' })).not.toThrow();
  });
});
