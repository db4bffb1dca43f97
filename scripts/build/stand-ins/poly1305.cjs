'use strict';
const { Poly1305 } = require('@noble/ciphers/_poly1305.js');

const memory = new Uint8Array(16);

/** The one function that ssh2 asks of its WebAssembly module, which writes the tag where `_malloc` said. */
const poly1305_auth = (at, length, lengthBytes, payload, payloadBytes, key) => {
  new Poly1305(key)
    .update(length.subarray(0, lengthBytes))
    .update(payload.subarray(0, payloadBytes))
    .digestInto(memory.subarray(at));
};

module.exports = async () => ({ _malloc: () => 0, HEAPU8: memory, cwrap: () => poly1305_auth });
