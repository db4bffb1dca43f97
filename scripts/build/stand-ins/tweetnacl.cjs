'use strict';
const { createHash } = require('node:crypto');

/** The one function that bcrypt-pbkdf asks of tweetnacl: SHA-512 of the first `length` bytes of `message`. */
exports.lowlevel = {
  crypto_hash: (out, message, length) => {
    out.set(createHash('sha512').update(message.subarray(0, length)).digest());
    return 0;
  },
};
