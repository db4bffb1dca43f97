import { defineConfig } from 'vitest/config';

/** `npm run test:container` and `npm run test:kubernetes` say by a variable which of them it is. */
const kinds = ['container', 'kubernetes'].filter(
  (kind) => process.env[`SCOUT_TEST_${kind.toUpperCase()}`] === '1',
);

export default defineConfig({
  test: {
    name: 'deploy',
    pool: 'forks',
    maxWorkers: 1, // each takes the machine for itself: namespaces, containers
    globalSetup: ['test/setup/global.ts', 'test/deploy/setup.ts'],
    include: ['test/deploy/**/*.{container,kubernetes}.ts'],
    exclude: ['container', 'kubernetes']
      .filter((kind) => !kinds.includes(kind))
      .map((kind) => `**/*.${kind}.ts`),
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
