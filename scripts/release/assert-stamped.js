// Before `npm publish` of a directory: a package that does not say where it comes from is not published.
import { readFileSync } from 'node:fs';

const { mcpName, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
if (!mcpName.startsWith('io.github.') || !repository) {
  console.error(
    'This checkout is not stamped: releases are made by .github/workflows/release.yml (CONTRIBUTING.md).',
  );
  process.exit(1);
}
