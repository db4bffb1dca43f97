#!/usr/bin/env node
// Kept to syntax that old Node versions parse, so that they reach the message instead of a SyntaxError.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  process.stderr.write(`scout-mcp needs Node.js 20 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

import('../dist/main.js').then(
  (bundle) => bundle.main(process.argv.slice(2)).catch(fail),
  (error) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND' && /dist[\\/]main\.js' imported/.test(error.message)) {
      fail({ message: 'dist/main.js is missing. In a clone, run: npm ci && npm run build' });
    } else fail(error);
  },
);

function fail(error) {
  process.stderr.write(`scout-mcp: ${error.message}\n`);
  process.exit(1);
}
