import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const standIn = require('../../scripts/build/stand-ins/tweetnacl.cjs');
// where bcrypt-pbkdf finds it
const ssh2 = createRequire(require.resolve('ssh2'));
const real = createRequire(ssh2.resolve('bcrypt-pbkdf'))('tweetnacl');

it('The bundle’s stand-in for tweetnacl hashes as tweetnacl does', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (message, most) => {
    const length = Math.min(most, message.length);
    const [one, other] = [new Uint8Array(64), new Uint8Array(64)];
    expect(standIn.lowlevel.crypto_hash(one, message, length)).toBe(
      real.lowlevel.crypto_hash(other, message, length),
    );
    expect(one).toEqual(other);
  });
  fc.assert(property);
});
